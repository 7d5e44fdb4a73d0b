import { X509Certificate } from "node:crypto";
import { createAuthority } from "../../../emulator";
import { anchor, call, emulators, uploadAnchors } from "./helpers";

const DAY_MS = 24 * 60 * 60 * 1000;
const PATH = "/organization/certificates";

describe("uploading to the emulator", () => {
  const start = emulators();

  async function upload(certificate: string, options: Parameters<typeof start>[0] = {}) {
    const { status, body } = await call(await start(options), "POST", PATH, { body: { certificate } });
    return { status, code: body.error?.code, param: body.error?.param, body };
  }

  it("answers the certificate with its validity in Unix seconds, inactive and without its content", async () => {
    const now = () => new Date("2026-03-01T12:00:00.900Z");
    const { body } = await upload(anchor(), { now });
    const parsed = new X509Certificate(anchor());
    expect(body).toEqual({
      object: "certificate",
      id: expect.stringMatching(/^cert_[0-9a-f]{24}$/),
      name: null,
      created_at: Date.parse("2026-03-01T12:00:00Z") / 1000,
      certificate_details: {
        valid_at: Date.parse(parsed.validFrom) / 1000,
        expires_at: Date.parse(parsed.validTo) / 1000,
      },
    });
  });

  it("reads the first certificate of a bundle, with any text and line endings around it", async () => {
    const bundle = `Root of everything\r\n${anchor(0).replaceAll("\n", "\r\n")}\r\n${anchor(1)}`;
    const { status, body } = await upload(bundle);
    expect(status).toBe(200);
    const expected = Date.parse(new X509Certificate(anchor(0)).validTo) / 1000;
    expect(body.certificate_details.expires_at).toBe(expected);
  });

  it.each([
    ["text without a certificate", "hello"],
    ["nothing", ""],
    ["a certificate that does not parse", anchor().replace(/\n[^\n]+\n/, "\nAAAA\n")],
    ["a certificate without its last line", anchor().replace(/-----END.*/, "")],
    ["another kind of PEM", anchor().replaceAll("CERTIFICATE", "CERTIFICATE REQUEST")],
    ["a text of 16 kB", anchor() + " ".repeat(16 * 1024 - anchor().length)],
  ])("refuses %s as mtls_certificate_invalid", async (_what, certificate) => {
    expect(await upload(certificate)).toMatchObject({
      status: 400,
      code: "mtls_certificate_invalid",
      param: "certificate",
    });
  });

  it("takes a text of one byte less than 16 kB", async () => {
    expect((await upload(anchor() + " ".repeat(16 * 1024 - 1 - anchor().length))).status).toBe(200);
  });

  it("refuses a private key beside the certificate and keeps nothing of it", async () => {
    const { certificate, key } = await createAuthority();
    const emulator = await start();
    const { body } = await call(emulator, "POST", PATH, { body: { certificate: certificate + key } });
    expect(body.error.code).toBe("mtls_certificate_invalid");
    expect(emulator.organization().certificates()).toEqual([]);
    expect(JSON.stringify([body, emulator.requests])).not.toMatch(/PRIVATE KEY|BEGIN/);
  });

  it("refuses what has expired or expires within a day as expired_certificate, by its own clock", async () => {
    const notAfter = new Date("2026-06-10T00:00:00Z");
    const { certificate } = await createAuthority({ notBefore: new Date("2026-01-01T00:00:00Z"), notAfter });
    const at = (offset: number) => ({ now: () => new Date(notAfter.getTime() + offset) });
    expect(await upload(certificate, at(1))).toMatchObject({ status: 400, code: "expired_certificate" });
    expect(await upload(certificate, at(-DAY_MS))).toMatchObject({ status: 400, code: "expired_certificate" });
    expect((await upload(certificate, at(-DAY_MS - 1000))).status).toBe(200);
  });

  it("takes a certificate that is not valid yet", async () => {
    expect((await upload(anchor(), { now: () => new Date("1980-01-01T00:00:00Z") })).status).toBe(200);
  });

  it("takes the same certificate twice, as two objects", async () => {
    const emulator = await start();
    const ids = [uploadAnchors(emulator, 1), uploadAnchors(emulator, 1)].flat();
    expect(new Set(ids).size).toBe(2);
  });

  it("refuses the 51st certificate and names the cap, until another one is deleted", async () => {
    const emulator = await start();
    const [first] = uploadAnchors(emulator, 50);
    const body = { certificate: anchor(50) };
    const refused = await call(emulator, "POST", PATH, { body });
    expect([refused.status, refused.body.error.code]).toEqual([400, "certificate_limit_exceeded"]);
    expect(refused.body.error.message).toContain("50");
    expect((await call(emulator, "DELETE", `${PATH}/${first}`)).status).toBe(200);
    expect((await call(emulator, "POST", PATH, { body })).status).toBe(200);
  });
});

describe("retrieving and modifying a certificate in the emulator", () => {
  const start = emulators();

  it.each(["include=content", "include[]=content", "include%5B%5D=content", "include[]=content&include[]=content"])(
    "answers the text as it was uploaded for ?%s",
    async (query) => {
      const emulator = await start();
      const text = `# corporate root\r\n${anchor()}`;
      const id = emulator.organization().upload({ certificate: text });
      const { body } = await call(emulator, "GET", `${PATH}/${id}?${query}`);
      expect(body.certificate_details.content).toBe(text);
    },
  );

  it("leaves out the content where it is not asked for, and `active` always", async () => {
    const emulator = await start();
    const [id = ""] = uploadAnchors(emulator, 1);
    emulator.organization().activate([id]);
    const { body } = await call(emulator, "GET", `${PATH}/${id}`);
    expect(Object.keys(body.certificate_details)).toEqual(["valid_at", "expires_at"]);
    expect(body).not.toHaveProperty("active");
    expect((await call(emulator, "GET", `${PATH}/${id}?include=key`)).body.error).toMatchObject({
      code: "invalid_value",
      param: "include",
    });
  });

  it("renames, and changes nothing for an empty body", async () => {
    const emulator = await start();
    const [id = ""] = uploadAnchors(emulator, 1);
    const rename = async (body: unknown) => (await call(emulator, "POST", `${PATH}/${id}`, { body })).body.name;
    expect(await rename({ name: "Corp Root G2" })).toBe("Corp Root G2");
    expect(await rename({})).toBe("Corp Root G2");
    expect(await rename({ name: "" })).toBe("");
    expect(emulator.organization().certificates()[0]?.name).toBe("");
  });
});

describe("deleting a certificate in the emulator", () => {
  const start = emulators();

  it("is refused with certificate_in_use while it is active in the organization or in any project", async () => {
    const emulator = await start({ projects: [{ id: "proj_a", name: "A" }] });
    const [id = ""] = uploadAnchors(emulator, 1);
    const remove = async () => {
      const { status, body } = await call(emulator, "DELETE", `${PATH}/${id}`);
      return status === 200 ? "deleted" : body.error.code;
    };
    emulator.organization().activate([id]);
    expect(await remove()).toBe("certificate_in_use");
    emulator.organization().activate([id], "proj_a");
    emulator.organization().deactivate([id]);
    expect(await remove()).toBe("certificate_in_use");
    emulator.organization().deactivate([id], "proj_a");
    expect(await remove()).toBe("deleted");
    expect(await remove()).toBe("not_found");
  });

  it("is still refused as often after a deactivation as deactivationLag says", async () => {
    const emulator = await start({ deactivationLag: 2 });
    const [id = "", never = ""] = uploadAnchors(emulator, 2);
    emulator.organization().activate([id]);
    emulator.organization().deactivate([id, never]);
    const statuses = [];
    for (let n = 0; n < 3; n++) statuses.push((await call(emulator, "DELETE", `${PATH}/${id}`)).status);
    expect(statuses).toEqual([400, 400, 200]);
    expect((await call(emulator, "DELETE", `${PATH}/${never}`)).status).toBe(200);
  });
});
