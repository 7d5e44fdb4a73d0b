import * as pulumi from "@pulumi/pulumi";
import { Certificate, CertificateActivation, type CertificateArgs } from "../../../sdk";
import { realAnchors } from "../../support/anchors";

const [first = "", second = ""] = realAnchors(2);
const FILTER = { expression: 'subject.organization == "Example"' };

type Hint = Record<string, unknown>;

/** What an activation of one certificate tells of it, in a preview in which it has no id yet or in a run in which it has one. */
async function hintOf(...told: Parameters<typeof hintsOf>): Promise<Hint | undefined> {
  return ((await hintsOf(...told)) as Hint[])[0];
}

async function hintsOf(
  operation: "preview" | "up",
  args: CertificateArgs,
  transformed: Partial<CertificateArgs> = {},
): Promise<unknown> {
  const isPreview = operation === "preview";
  const told = new Promise<unknown>((resolve) => {
    const newResource = ({ type, inputs }: pulumi.runtime.MockResourceArgs) => {
      if (type.endsWith("Activation")) {
        resolve(inputs["certificateHints"]);
      }
      return { id: isPreview ? undefined : "cert_a", state: inputs };
    };
    void pulumi.runtime.setMocks({ call: () => ({}), newResource }, "project", "test", isPreview);
  });
  const transformations = [
    ({ type, props, opts }: pulumi.ResourceTransformationArgs) =>
      type.endsWith("Certificate") ? { props: { ...props, ...transformed }, opts } : undefined,
  ];
  const { id } = new Certificate("root", args, { transformations });
  new CertificateActivation("org", { certificateIds: [id] });
  return told;
}

describe("what an activation tells of a certificate that it lists", () => {
  it("is what the program gives, the content only while there is no id", async () => {
    const args = { certificate: first, adopt: true, celFilter: FILTER };
    const told = { name: "root", adopt: true, celFilter: FILTER };
    expect(await hintOf("preview", args)).toMatchObject({ ...told, id: pulumi.unknown, certificate: first });
    const known = await hintOf("up", args);
    expect(known).toMatchObject({ ...told, id: "cert_a" });
    expect(known).not.toHaveProperty("certificate");
  });

  it.each(["preview", "up"] as const)("is what a transformation has made of it, in %s", async (operation) => {
    const made = { name: "other", adopt: "cert_x", celFilter: FILTER, organization: "eu" };
    expect(await hintOf(operation, { certificate: first }, made)).toMatchObject(made);
    if (operation === "preview") {
      expect(await hintOf(operation, { certificate: first }, { certificate: second })).toMatchObject({
        certificate: second,
      });
    }
  });

  it.each(["preview", "up"] as const)("stays secret where the program gives a secret, in %s", async (operation) => {
    const hints = await hintsOf(operation, { certificate: first, name: pulumi.secret("quiet"), adopt: true });
    expect(hints).toMatchObject({
      [pulumi.runtime.specialSigKey]: pulumi.runtime.specialSecretSig,
      value: [{ name: "quiet", adopt: true }],
    });
  });

  it("holds no property that neither gives, and of one that is not known yet, that it is not", async () => {
    const plain = await hintOf("preview", { certificate: first });
    expect(Object.keys(plain ?? {}).sort()).toEqual(["certificate", "id", "isExact", "name", "urn"]);
    const unknown = pulumi.unknown as unknown as boolean;
    expect(await hintOf("preview", { certificate: first, adopt: unknown })).toMatchObject({ adopt: unknown });
  });
});
