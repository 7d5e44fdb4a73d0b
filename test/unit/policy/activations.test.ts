import type { PolicyResource } from "@pulumi/policy";
import { createAuthority } from "../../../emulator";
import { noAllowEmpty } from "../../../examples/policy/policies/noAllowEmpty";
import { noDeactivateOnDelete } from "../../../examples/policy/policies/noDeactivateOnDelete";
import { protectedActivation } from "../../../examples/policy/policies/protectedActivation";
import { setMinimumValidity } from "../../../examples/policy/policies/setMinimumValidity";
import { ACTIVATIONS } from "../../../examples/policy/types";
import { UNKNOWN } from "../../../provider/unknown";
import { CERTIFICATE, judgeResource, judgeStack, withUnknowns } from "./judge";

const DAY_MS = 24 * 60 * 60 * 1000;

async function anchor(days: number): Promise<Partial<PolicyResource>> {
  const notAfter = new Date(Date.now() + (days + 0.5) * DAY_MS);
  const { certificate } = await createAuthority({ notAfter, algorithm: "ed25519" });
  return { type: CERTIFICATE, props: { certificate }, propertyDependencies: {} };
}

/** An activation of these anchors, whose ids are those of the program's Certificates unless others are given. */
function activation(anchors: Partial<PolicyResource>[], ids: unknown = anchors.map(() => UNKNOWN)) {
  return {
    type: ACTIVATIONS[0] ?? "",
    name: "org",
    urn: "urn:org",
    props: withUnknowns({ certificateIds: ids }),
    propertyDependencies: { certificateIds: anchors as PolicyResource[] },
  };
}

describe("policies on activations", () => {
  it.each(ACTIVATIONS)("refuse %s without protect, and pass it with", (type) => {
    expect(judgeResource(protectedActivation, { type })).toEqual([
      'the activation "corp-root" is not protected: set the resource option protect: true, or protectActivation: true of TrustAnchors',
    ]);
    expect(judgeResource(protectedActivation, { type, protect: true })).toEqual([]);
  });

  it("do not ask for protect on a Certificate, which a rotation replaces and deletes", () => {
    expect(judgeResource(protectedActivation, { type: CERTIFICATE })).toEqual([]);
  });

  describe.each([
    [
      noDeactivateOnDelete,
      "deactivateOnDelete",
      /^the activation "corp-root" has deactivateOnDelete: true, so every deletion/,
    ],
    [
      noAllowEmpty,
      "allowEmpty",
      /^the activation "corp-root" has allowEmpty: true, so a change may turn mTLS enforcement off/,
    ],
  ] as const)("in production", ({ validateResource, ...policy }, argument, message) => {
    const judge = (given: Parameters<typeof judgeResource>[1], config?: object) =>
      judgeResource({ ...policy, validateResource } as Parameters<typeof judgeResource>[0], given, config);
    const props = { [argument]: true };

    it.each(ACTIVATIONS)(`warn of ${argument} on %s, without refusing it`, (type) => {
      expect(judge({ type, props })).toEqual([expect.stringMatching(message)]);
      expect(judge({ type, props: { [argument]: false } })).toEqual([]);
      expect(judge({ type, props: {} })).toEqual([]);
      expect(judge({ props })).toEqual([]);
      expect(policy.enforcementLevel).toBe("advisory");
    });

    it.each([
      ["prod", true],
      ["prod-eu", true],
      ["eu-prod", true],
      ["production", true],
      ["preprod", false],
      ["nonprod-test", false],
      ["dev", false],
    ])(`take the stack %s for production: %s (${argument})`, (stack, isProduction) => {
      expect(judge({ type: ACTIVATIONS[0] ?? "", props, stack })).toHaveLength(isProduction ? 1 : 0);
    });

    it(`take the stacks that are configured for production, as they are written (${argument})`, () => {
      const on = (stack: string) => judge({ type: ACTIVATIONS[0] ?? "", props, stack }, { stacks: ["live.*", "main"] });
      expect(on("live.eu")).toHaveLength(1);
      expect(on("main")).toHaveLength(1);
      expect(["live-eu", "mainline", "prod"].flatMap(on)).toEqual([]);
    });
  });

  it("refuse a set whose last anchor expires soon, also in a preview that knows no ids", async () => {
    const [soon, sooner] = await Promise.all([anchor(40), anchor(3)]);
    const set = activation([sooner, soon]);
    expect(judgeStack(setMinimumValidity, [soon, sooner, set])).toEqual([
      'urn:org: the last anchor of "org" is valid for 40 more days, less than 45: add the next generation beside it',
    ]);
    expect(judgeStack(setMinimumValidity, [set], { days: 30 })).toEqual([]);
  });

  it("pass the rotation that repairs it: the old anchor may expire any day beside a new one", async () => {
    const set = activation([await anchor(3), await anchor(400)]);
    expect(judgeStack(setMinimumValidity, [set])).toEqual([]);
  });

  it.each<[string, unknown]>([
    ["ids that are not known as a whole", UNKNOWN],
    ["ids of the program's own certificates", ["cert_a"]],
  ])("judge %s by the certificates they depend on", async (_, ids) => {
    expect(judgeStack(setMinimumValidity, [activation([await anchor(3)], ids)])).toHaveLength(1);
  });

  it("do not judge a set that lists certificates of elsewhere, of which nothing is known here", async () => {
    expect(judgeStack(setMinimumValidity, [activation([await anchor(3)], [UNKNOWN, "cert_elsewhere"])])).toEqual([]);
    expect(judgeStack(setMinimumValidity, [activation([], ["cert_elsewhere"])])).toEqual([]);
    expect(judgeStack(setMinimumValidity, [activation([], [])])).toEqual([]);
  });
});
