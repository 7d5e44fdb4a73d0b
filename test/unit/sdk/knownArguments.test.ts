import * as pulumi from "@pulumi/pulumi";
import { Certificate, CertificateActivation, ProjectCertificateActivation, TrustAnchors } from "../../../sdk";

describe("an argument that a class does not have, which only JavaScript and spread objects get past the compiler", () => {
  it.each([
    [
      "a mistyped requiredClients, which would protect nobody",
      () => new CertificateActivation("org", { certificateIds: [], ...{ requiredClient: ["PEM"] } }),
      /^CertificateActivation "org" has an unknown argument "requiredClient"; the known ones are certificateIds, .*requiredClients$/,
    ],
    [
      "a project of the organization's activation, which would change the organization's set",
      () => new CertificateActivation("org", { certificateIds: [], ...{ projectId: "proj_abc" } }),
      /^CertificateActivation "org" has an unknown argument "projectId"/,
    ],
    [
      "a mistyped projectIds, without which the anchors would be active in the organization",
      () => new TrustAnchors("anchors", { anchors: "anchors", ...{ projects: ["proj_abc"] } }),
      /^TrustAnchors "anchors" has an unknown argument "projects"; the known ones are anchors, projectIds, /,
    ],
    [
      "an option of Pulumi that is among a project's arguments",
      () => new ProjectCertificateActivation("p", { projectId: "proj_abc", certificateIds: [], ...{ protect: true } }),
      /^ProjectCertificateActivation "p" has an unknown argument "protect"; the known ones are projectId, /,
    ],
    [
      "a mistyped celFilter, without which an anchor would accept more clients than it should",
      () => new Certificate("root", { certificate: "PEM", ...{ celfilter: { expression: "true" } } }),
      /^Certificate "root" has an unknown argument "celfilter"; the known ones are certificate, name, organization, adopt, celFilter$/,
    ],
  ])("%s ends the program before anything is declared", (_, declare, message) => {
    let error: unknown;
    try {
      declare();
    } catch (thrown) {
      error = thrown;
    }
    expect(pulumi.RunError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ message: expect.stringMatching(message) });
  });
});
