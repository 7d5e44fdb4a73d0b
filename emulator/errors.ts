/** The body of every answer that is not a success: all four keys are always there. */
export interface ErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string | null;
  };
}

/** A request the API refuses. `headers` travel with the answer (Allow, Retry-After). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string | null,
    message: string,
    readonly param: string | null = null,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = "ApiError";
  }
}

/** The API's error shape for a status and a code. */
export function errorBody(status: number, code: string | null, message: string, param: string | null): ErrorBody {
  return { error: { message, type: errorType(status), param, code } };
}

function errorType(status: number): string {
  if (status >= 500) return "server_error";
  return status === 429 ? "requests" : "invalid_request_error";
}

/**
 * 404 for an id nobody knows. The document names no code for it; `not_found` is ours.
 * Only ids of the expected form are repeated: anything else could be a secret that ended up in the wrong place.
 */
export function notFound(noun: "certificate" | "project", id: string, param: string): ApiError {
  const named = /^(cert|proj)_[\w-]{1,64}$/.test(id) ? ` with id '${id}'` : " with this id";
  return new ApiError(404, "not_found", `No ${noun} found${named}.`, param);
}

export function missingParameter(name: string): ApiError {
  return new ApiError(400, "missing_required_parameter", `Missing required parameter: '${name}'.`, name);
}

export function invalidType(name: string, expected: string): ApiError {
  return new ApiError(400, "invalid_type", `Invalid type for '${name}': expected ${expected}.`, name);
}

export function invalidValue(name: string, why: string): ApiError {
  return new ApiError(400, "invalid_value", `Invalid value for '${name}': ${why}.`, name);
}

/** A parameter beyond one of the API's numeric limits; the code says which (`integer_above_max_value`, …). */
export function outsideLimit(code: string, name: string, why: string): ApiError {
  return new ApiError(400, code, `Invalid '${name}': ${why}.`, name);
}
