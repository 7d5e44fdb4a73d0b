import type { Fault } from "../../../emulator";
import { isNotFound } from "../../../provider/api/errors";
import { apiError, caller, Emulated } from "./callers";

const here = new Emulated();

describe("an error of the API", () => {
  it.each([
    [
      401,
      "invalid_api_key",
      /^GET \/organization\/certificates: 401 invalid_api_key: No\. \(request req_\w+\) Check the admin key in openai:adminKey \(or OPENAI_ADMIN_KEY\)\.$/,
    ],
    [
      403,
      "insufficient_permissions",
      /^GET .*: 403 insufficient_permissions: No\. \(request req_\w+\) The admin key needs the permission api\.mtls\.read\.$/,
    ],
    [404, "not_found", /^GET .*: 404 not_found: No\. \(request req_\w+\)$/],
    [409, null, /^GET .*: 409: No\. \(request req_\w+\)$/],
    [
      401,
      "certificate_required",
      /: 401 certificate_required: No\. .* set openai:clientCertificate \(or OPENAI_MTLS_CERT_CHAIN\) and openai:clientKey \(or OPENAI_MTLS_KEY\)/,
    ],
    [
      401,
      "certificate_verification_failed",
      /set openai:clientCertificate \(or OPENAI_MTLS_CERT_CHAIN\) and openai:clientKey \(or OPENAI_MTLS_KEY\)/,
    ],
    [401, "certificate_attribute_verification_failed", /The CEL filter of the anchor rejects openai:clientCertificate/],
  ] as const)("%s %s is final, and says what to do about it", async (status, code, message) => {
    here.emulator.faults.add({ kind: "status", status, code, message: "No" });
    const error = await apiError(here.open().api.list());
    expect(error.message).toMatch(message);
    expect(error).toMatchObject({
      status,
      code: code ?? undefined,
      lost: false,
      requestId: expect.stringMatching(/^req_/),
    });
    expect(here.calls()).toHaveLength(1);
  });

  it("has no stack, so that the engine prints nothing but the message", async () => {
    here.emulator.faults.add({ kind: "status", status: 401 });
    const error = await apiError(here.open().api.list());
    expect(error.stack).toBe(error.message);
    expect(`${error}`).toBe("pulumi-openai-certificates");
  });

  it("says that a certificate is gone only where the API means the certificate", async () => {
    const gone = await apiError(here.open().api.retrieve("cert_x"));
    expect(gone.message).toMatch(/: 404 not_found: No certificate found with id 'cert_x'\./);
    expect(isNotFound(gone)).toBe(true);
    expect(isNotFound(new Error("404"))).toBe(false);
  });

  it.each([
    ["a proxy's page", { kind: "garbage", status: 404 }],
    [
      "the API's word on a path it does not know",
      { kind: "status", status: 404, code: "unknown_url", message: "There is no such path." },
    ],
    [
      "its older word, which has no code",
      { kind: "status", status: 404, code: null, message: "Invalid URL (GET /v1/v1/x)" },
    ],
  ] as [string, Fault][])(
    "404 from %s says nothing about a certificate, and points to openai:baseUrl",
    async (_, fault) => {
      here.emulator.faults.add(fault);
      const error = await apiError(here.open().api.retrieve("cert_x"));
      expect(isNotFound(error)).toBe(false);
      expect(error.message).toMatch(/Is openai:baseUrl \(or OPENAI_BASE_URL\) right\? It ends in \/v1\.$/);
    },
  );

  it("404 for a base URL without /v1 is no reason to take an activation or a certificate for gone", async () => {
    const { api } = caller(here.emulator.url.replace("/v1", ""));
    for (const call of [api.list(), api.retrieveWithContent("cert_x"), api.delete("cert_x")]) {
      expect(isNotFound(await apiError(call))).toBe(false);
    }
  });
});
