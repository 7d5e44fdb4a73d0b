import type { IncomingHttpHeaders } from "node:http";
import { ApiError } from "./errors";

/** The bearer key of a request; 401 without one. */
export function bearerKey({ authorization = "" }: IncomingHttpHeaders): string {
  const key = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
  if (key === undefined) {
    throw unauthorized("You did not provide an API key. Send it in the header 'Authorization: Bearer <key>'.");
  }
  return key;
}

/** 401 for a key. The message never repeats it. */
export function unauthorized(message: string): ApiError {
  return new ApiError(401, "invalid_api_key", message);
}
