import { ApiError, invalidType, missingParameter, outsideLimit } from "./errors";

const MAX_TOGGLED = 10;

/** A request's JSON body as an object that holds no other fields than these; 400 otherwise. */
export function jsonObject(text: string, allowed: readonly string[]): Record<string, unknown> {
  const body = parseJson(text);
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new ApiError(400, "invalid_type", "Invalid type for the request's body: expected an object.");
  }
  const unknown = Object.keys(body).find((key) => !allowed.includes(key));
  if (unknown !== undefined) {
    const name = unknown.slice(0, 64);
    throw new ApiError(400, "unknown_parameter", `Unknown parameter: '${name}'.`, name);
  }
  return body as Record<string, unknown>;
}

/** An optional string; null is not one. */
export function optionalString(body: Record<string, unknown>, name: string): string | undefined {
  if (!Object.hasOwn(body, name)) return undefined;
  const value = body[name];
  if (typeof value !== "string") throw invalidType(name, "a string");
  return value;
}

export function requiredString(body: Record<string, unknown>, name: string): string {
  const value = optionalString(body, name);
  if (value === undefined) throw missingParameter(name);
  return value;
}

/** The 1 to 10 ids of an activation or deactivation. */
export function certificateIds(body: Record<string, unknown>): string[] {
  const name = "certificate_ids";
  if (!Object.hasOwn(body, name)) throw missingParameter(name);
  const ids = body[name];
  if (!Array.isArray(ids)) throw invalidType(name, "an array of strings");
  if (ids.length === 0) throw outsideLimit("empty_array", name, "expected at least one id, but got an empty array");
  if (ids.length > MAX_TOGGLED) {
    throw outsideLimit("array_above_max_length", name, `expected at most ${MAX_TOGGLED} ids, but got ${ids.length}`);
  }
  if (!ids.every((id): id is string => typeof id === "string")) throw invalidType(name, "an array of strings");
  return ids;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // V8's own message quotes the text, which may be a certificate.
    throw new ApiError(400, "invalid_json", "The request's body is not valid JSON.");
  }
}
