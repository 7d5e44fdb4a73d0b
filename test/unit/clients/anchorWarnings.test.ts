import { rootCertificates } from "node:tls";
import { createAuthority } from "../../../emulator/authority";
import { anchorWarnings } from "../../../provider/clients";
import { keyUsage, unknownCritical } from "../../support/clients/scenario";

const CONSEQUENCE = ", so as a trust anchor it may accept no client";

describe("anchorWarnings", () => {
  it("has none for a sound authority, a root or not", async () => {
    const root = await createAuthority({ algorithm: "rsa-2048" });
    expect(anchorWarnings(root.certificate)).toEqual([]);
    expect(anchorWarnings((await root.intermediate()).certificate)).toEqual([]);
  });

  it("says that a client's certificate is not an authority", async () => {
    const { certificate } = await (await createAuthority()).client();
    expect(anchorWarnings(certificate)).toContain(`is not a certificate authority (Basic Constraints)${CONSEQUENCE}`);
  });

  it.each([
    [
      "that may not sign certificates",
      { omit: ["keyUsage" as const], extensions: [keyUsage(0x02)] },
      "lacks keyCertSign",
    ],
    ["without a Key Usage", { omit: ["keyUsage" as const] }, "has no Key Usage, which authorities must have"],
    ["without a key identifier", { omit: ["subjectKeyIdentifier" as const] }, "has no Subject Key Identifier"],
    ["with an unknown critical extension", { extensions: [unknownCritical] }, "has the critical extension 1.3.6.1.4"],
  ])("names what is wrong with an authority %s", async (_, options, warning) => {
    const [only, ...more] = anchorWarnings((await createAuthority(options)).certificate);
    expect(only).toContain(warning);
    expect(only).toContain(CONSEQUENCE);
    expect(more).toEqual([]);
  });

  it("wants an Authority Key Identifier of an intermediate only", async () => {
    const omit = ["authorityKeyIdentifier" as const];
    const root = await createAuthority({ omit });
    expect(anchorWarnings(root.certificate)).toEqual([]);
    expect(anchorWarnings((await root.intermediate({ omit })).certificate)).toEqual([
      `has no Authority Key Identifier${CONSEQUENCE}`,
    ]);
  });

  it("leaves what is not a certificate to others", () => {
    expect(anchorWarnings("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")).toEqual([]);
  });

  it("has next to nothing to say about the public roots", () => {
    const warnings = rootCertificates.filter((pem) => anchorWarnings(pem).length > 0);
    expect(warnings.length).toBeLessThan(rootCertificates.length / 20);
  });
});
