import { Agent, request } from "undici";
import { createAuthority, type Issued } from "../../../emulator";
import { call, emulators, KEY } from "./helpers";

describe("the emulator's admin API over TLS", () => {
  const start = emulators();

  it("serves clients with a certificate of the given authority, and nobody else", async () => {
    const authority = await createAuthority();
    const emulator = await start({ adminTls: { clientCa: authority.certificate } });
    const status = async (identity?: Issued) => {
      const identityOptions = identity ? { cert: identity.chain, key: identity.key } : {};
      const dispatcher = new Agent({ connect: { ca: emulator.mtlsCa ?? "", ...identityOptions } });
      try {
        const { statusCode, body } = await request(`${emulator.adminTlsUrl}/organization/certificates`, {
          dispatcher,
          headers: { authorization: `Bearer ${KEY}` },
        });
        await body.dump();
        return statusCode;
      } finally {
        await dispatcher.destroy();
      }
    };
    expect(await status(await authority.client())).toBe(200);
    expect(await status(await (await authority.intermediate()).client())).toBe(200);
    await expect(status()).rejects.toThrow();
    await expect(status(await (await createAuthority()).client())).rejects.toThrow();
    expect(emulator.requests.map(({ listener, status }) => [listener, status])).toEqual([
      ["admin", 200],
      ["admin", 200],
    ]);
    expect(emulator.mtlsUrl).toBeUndefined();
    expect((await call(emulator, "GET", "/organization/certificates")).status).toBe(200);
  });
});
