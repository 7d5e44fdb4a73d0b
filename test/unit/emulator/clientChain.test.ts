import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { type Authority, type ClientOptions, createAuthority, type Emulator, type Issued } from "../../../emulator";
import { emulators } from "./helpers";
import { models } from "./mtlsClient";

const DAY_MS = 24 * 60 * 60 * 1000;

describe("the emulator builds a client's path to an active trust anchor", () => {
  const start = emulators();
  let corp: Authority;
  let other: Authority;
  let client: Issued;
  beforeAll(async () => {
    corp = await createAuthority({ commonName: "Corp Root" });
    other = await createAuthority({ commonName: "Other Root" });
    client = await corp.client({ commonName: "billing" });
  });

  async function trusting(anchor: Authority): Promise<Emulator> {
    const emulator = await start({ mtlsPort: 0 });
    const store = emulator.organization();
    store.activate([store.upload({ certificate: anchor.certificate })]);
    return emulator;
  }

  it("through the intermediates a client presents, each right before its issuer", async () => {
    const policy = await corp.intermediate({ commonName: "Policy CA" });
    const issuing = await policy.intermediate({ commonName: "Issuing CA" });
    const { certificate: leaf, key } = await issuing.client();
    const [i, p, stranger] = [issuing.certificate, policy.certificate, other.certificate];
    const emulator = await trusting(corp);
    const presented = async (...chain: string[]) => models(emulator, { chain: [leaf, ...chain].join(""), key });
    expect(await presented(i, p)).toBe("ok");
    expect(await presented(i, p, corp.certificate, stranger)).toBe("ok");
    const refused = "401 certificate_verification_failed";
    expect([await presented(p, i), await presented(stranger, i, p)]).toEqual([refused, refused]);
    expect([await presented(i), await presented()]).toEqual([refused, refused]);
  });

  it("to an anchor that is an intermediate itself", async () => {
    const issuing = await corp.intermediate();
    const emulator = await trusting(issuing);
    expect(await models(emulator, await issuing.client())).toBe("ok");
    expect(await models(emulator, client)).toBe("401 certificate_verification_failed");
  });

  it("also on a resumed connection, which would lack the intermediates", async () => {
    const issuing = await corp.intermediate();
    const { chain, key } = await issuing.client();
    const emulator = await trusting(corp);
    const agent = new HttpsAgent({ keepAlive: false, ca: emulator.mtlsCa, cert: chain, key });
    const status = (maxVersion: "TLSv1.2" | "TLSv1.3") =>
      new Promise((resolve, reject) => {
        const options = { agent, maxVersion, headers: { authorization: "Bearer k" } };
        httpsRequest(`${emulator.mtlsUrl}/models`, options, (answer) => {
          answer.resume().on("end", () => resolve(answer.statusCode));
        })
          .on("error", reject)
          .end();
      });
    for (const version of ["TLSv1.2", "TLSv1.2", "TLSv1.3", "TLSv1.3"] as const) {
      expect([version, await status(version)]).toEqual([version, 200]);
    }
  });

  it("not through a certificate that only bears the anchor's name", async () => {
    const impostor = await createAuthority({ commonName: "Corp Root" });
    expect(await models(await trusting(corp), await impostor.client())).toBe("401 certificate_verification_failed");
  });

  it("not where the anchor has no key identifier to compare, which strict verifiers refuse", async () => {
    const bare = await createAuthority({ commonName: "Corp Root", omit: ["subjectKeyIdentifier"] });
    expect(await models(await trusting(bare), await bare.client())).toBe("401 certificate_verification_failed");
  });

  it("not where another active anchor that it could be meant for has expired", async () => {
    let now = Date.now();
    const emulator = await start({ mtlsPort: 0, now: () => new Date(now) });
    const brief = await createAuthority({ commonName: "Root", notAfter: new Date(now + 9 * DAY_MS) });
    const renewed = await brief.renew();
    const rekeyed = await createAuthority({ commonName: "Root" });
    const store = emulator.organization();
    store.activate([brief, renewed, rekeyed].map(({ certificate }) => store.upload({ certificate })));
    expect(await models(emulator, await brief.client())).toBe("ok");
    now += 10 * DAY_MS;
    expect(await models(emulator, await brief.client())).toBe("401 certificate_verification_failed");
    // The key identifier tells the authority with the new key apart: the ordinary rotation.
    expect(await models(emulator, await rekeyed.client())).toBe("ok");
  });

  it("giving up in good time where the presented certificates can be combined without end", async () => {
    const generations = [other.certificate];
    for (let n = 0; n < 12; n++) generations.push((await other.renew()).certificate);
    const { certificate, key } = await other.client();
    const chain = [certificate, ...generations].join("");
    expect(await models(await trusting(corp), { chain, key })).toBe("401 certificate_verification_failed");
  });

  it("not through a client's certificate used as an authority", async () => {
    const leaf = await corp.intermediate({ omit: ["basicConstraints", "keyUsage"] });
    expect(await models(await trusting(corp), await leaf.client())).toBe("401 certificate_verification_failed");
  });

  it("not longer than a path length allows", async () => {
    const short = await createAuthority({ commonName: "Short", pathLength: 0 });
    const emulator = await trusting(short);
    expect(await models(emulator, await short.client())).toBe("ok");
    const below = await short.intermediate();
    expect(await models(emulator, await below.client())).toBe("401 certificate_verification_failed");
  });

  it("not through an intermediate or an anchor that has expired", async () => {
    const expired = { notBefore: new Date(Date.now() - 9 * DAY_MS), notAfter: new Date(Date.now() - DAY_MS) };
    const issuing = await corp.intermediate(expired);
    expect(await models(await trusting(corp), await issuing.client())).toBe("401 certificate_verification_failed");

    let now = Date.now();
    const emulator = await start({ mtlsPort: 0, now: () => new Date(now) });
    const brief = await createAuthority({ notAfter: new Date(now + 9 * DAY_MS) });
    emulator.organization().activate([emulator.organization().upload({ certificate: brief.certificate })]);
    const own = await brief.client();
    expect(await models(emulator, own)).toBe("ok");
    now += 10 * DAY_MS;
    expect(await models(emulator, own)).toBe("401 certificate_verification_failed");
  });

  it("but calls only a client certificate that does not name its issuer's key an invalid_certificate", async () => {
    const emulator = await trusting(corp);
    const result = async (options: ClientOptions) => models(emulator, await corp.client(options));
    expect(await result({ omit: ["authorityKeyIdentifier"] })).toBe("401 invalid_certificate");
    const past = { notBefore: new Date(Date.now() - 9 * DAY_MS), notAfter: new Date(Date.now() - DAY_MS) };
    const unfit: ClientOptions[] = [
      past,
      { notBefore: new Date(Date.now() + DAY_MS) },
      { extendedKeyUsage: ["serverAuth"] },
      { extendedKeyUsage: [] },
    ];
    for (const options of unfit) expect(await result(options)).toBe("401 certificate_verification_failed");
    expect(await result({ extendedKeyUsage: ["serverAuth", "clientAuth"] })).toBe("ok");
  });

  it("with RSA keys too", async () => {
    const rsa = await createAuthority({ algorithm: "rsa-2048" });
    expect(await models(await trusting(rsa), await rsa.client({ algorithm: "rsa-2048" }))).toBe("ok");
  });
});
