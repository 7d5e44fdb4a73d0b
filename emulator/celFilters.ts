import { keyOf } from "./auditLog";
import { ApiError } from "./errors";
import type { Organization } from "./organization";
import { jsonObject, requiredString } from "./requestBody";

const PATH = /^\/emulator\/certificates\/([^/]+)\/cel_filter$/;

/** What a request to a control of the emulator's own asks for. */
export interface ControlCall {
  readonly organization: Organization;
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/**
 * The emulator's own control for CEL filters, which the API can neither set nor show and people attach in the dashboard.
 * Outside of `/v1`, so that it cannot be taken for the API: `PUT /emulator/certificates/{id}/cel_filter` with
 * `{"expression": "…"}` attaches, `DELETE` takes away, `GET` answers `{"expression": "…"}` or null for none. It wants the
 * organization's admin key.
 */
export function celFilterControl({ organization, method, path, body }: ControlCall): unknown {
  const id = PATH.exec(path)?.[1];
  if (id === undefined) throw new ApiError(404, "unknown_url", `Unknown request URL: ${method} (no such path).`);
  switch (method) {
    case "PUT":
      organization.attachFilter(
        id,
        requiredString(jsonObject(body, ["expression"]), "expression"),
        keyOf(organization.name),
      );
      break;
    case "DELETE":
      organization.attachFilter(id, undefined, keyOf(organization.name));
      break;
    case "GET":
      break;
    default:
      throw new ApiError(405, "method_not_supported", "This control of the emulator takes GET, PUT and DELETE.");
  }
  return { expression: organization.certificate(id).celFilter ?? null };
}
