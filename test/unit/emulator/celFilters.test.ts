import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { request } from "undici";
import { type Authority, createAuthority, type Emulator } from "../../../emulator";
import { emulators, KEY } from "./helpers";
import { models } from "./mtlsClient";

const BILLING = 'subject.common_name == "billing"';
const REFUSED = "401 certificate_attribute_verification_failed";

describe("a CEL filter in the emulator", () => {
  const start = emulators();
  let corp: Authority;
  beforeAll(async () => {
    corp = await createAuthority({ commonName: "Corp Root" });
  });

  async function trusting(stateFile?: string): Promise<{ emulator: Emulator; id: string }> {
    const emulator = await start({ mtlsPort: 0, ...(stateFile !== undefined && { stateFile }) });
    const store = emulator.organization();
    const id = store.upload({ certificate: corp.certificate });
    store.activate([id]);
    return { emulator, id };
  }

  it("lets through the clients of its anchor that it is true for, from the next request on", async () => {
    const { emulator, id } = await trusting();
    const [billing, gateway] = [
      await corp.client({ commonName: "billing" }),
      await corp.client({ commonName: "gateway" }),
    ];
    emulator.attachFilter(id, BILLING);
    expect([await models(emulator, billing), await models(emulator, gateway)]).toEqual(["ok", REFUSED]);
    emulator.attachFilter(id, undefined);
    expect(await models(emulator, gateway)).toBe("ok");
  });

  it("says nothing of clients that no anchor accepts, nor of those of another anchor", async () => {
    const { emulator, id } = await trusting();
    emulator.attachFilter(id, BILLING);
    const other = await createAuthority({ commonName: "Other" });
    expect(await models(emulator, await other.client())).toBe("401 certificate_verification_failed");
    const store = emulator.organization();
    store.activate([store.upload({ certificate: other.certificate })]);
    expect(await models(emulator, await other.client())).toBe("ok");
  });

  it("is refused where it is not a boolean expression over the guide's fields, and for an unknown certificate", async () => {
    const { emulator, id } = await trusting();
    expect(() => emulator.attachFilter(id, "subject.common_name")).toThrow(
      "The CEL filter was not accepted: the expression evaluates to a string and not to true or false.",
    );
    expect(() => emulator.attachFilter("cert_unknown", "true")).toThrow("no certificate 'cert_unknown'");
    expect(await models(emulator, await corp.client())).toBe("ok");
  });

  it("is attached, shown and taken away by a control outside of the API's paths", async () => {
    const { emulator, id } = await trusting();
    const gateway = await corp.client({ commonName: "gateway" });
    const control = async (method: "GET" | "PUT" | "DELETE" | "POST", body?: object, key = KEY) => {
      const { origin } = new URL(emulator.url);
      const answer = await request(`${origin}/emulator/certificates/${id}/cel_filter`, {
        method,
        headers: { authorization: `Bearer ${key}` },
        ...(body && { body: JSON.stringify(body) }),
      });
      // biome-ignore lint/suspicious/noExplicitAny: a success or an error
      const json = (await answer.body.json()) as any;
      return [answer.statusCode, json.error?.code ?? json.expression];
    };
    expect(await control("GET")).toEqual([200, null]);
    expect(await control("PUT", { expression: BILLING })).toEqual([200, BILLING]);
    expect(await control("GET")).toEqual([200, BILLING]);
    expect(await models(emulator, gateway)).toBe(REFUSED);
    expect(await control("PUT", { expression: "nonsense(" })).toEqual([400, "mtls_cel_policy_invalid"]);
    expect(await control("DELETE")).toEqual([200, null]);
    expect(await models(emulator, gateway)).toBe("ok");
    expect(await control("POST", {})).toEqual([405, "method_not_supported"]);
    expect(await control("GET", undefined, "sk-wrong")).toEqual([401, "invalid_api_key"]);
  });

  it("is an update in the audit log, and outlives the emulator in its state file", async () => {
    const stateFile = path.join(mkdtempSync(path.join(tmpdir(), "filters-")), "state.json");
    const { emulator, id } = await trusting(stateFile);
    emulator.attachFilter(id, BILLING);
    const { organizations } = JSON.parse(readFileSync(stateFile, "utf8"));
    expect(organizations[0].events.at(-1)).toMatchObject({ type: "certificate.updated", certificates: [{ id }] });
    await emulator.close();
    const again = await start({ mtlsPort: 0, stateFile });
    expect(again.organization().certificates()).toMatchObject([{ id, celFilter: BILLING }]);
    expect(await models(again, await corp.client({ commonName: "gateway" }))).toBe(REFUSED);
  });
});
