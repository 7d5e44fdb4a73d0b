import type { PolicyResource } from "@pulumi/policy";
import { createAuthority } from "../../../emulator";
import { noAllowEmpty } from "../../../examples/policy/policies/noAllowEmpty";
import { noDeactivateOnDelete } from "../../../examples/policy/policies/noDeactivateOnDelete";
import { protectedActivation } from "../../../examples/policy/policies/protectedActivation";
import { setMinimumValidity } from "../../../examples/policy/policies/setMinimumValidity";
import { ACTIVATIONS, TRUST_ANCHORS } from "../../../examples/policy/types";
import { UNKNOWN } from "../../../provider/unknown";
import { CERTIFICATE, judgeResource, judgeStack, withUnknowns } from "./judge";

const DAY_MS = 24 * 60 * 60 * 1000;

/** `parent`: the component that declares it, if any. `from`: in how many days it becomes valid. */
async function anchor(days: number, parent?: Partial<PolicyResource>, from = -1): Promise<Partial<PolicyResource>> {
  const notAfter = new Date(Date.now() + (days + 0.5) * DAY_MS);
  const notBefore = new Date(Date.now() + from * DAY_MS);
  const { certificate } = await createAuthority({ notBefore, notAfter, algorithm: "ed25519" });
  const within = parent === undefined ? {} : { parent: parent as PolicyResource };
  const name = `valid-${days}`;
  return { type: CERTIFICATE, name, urn: `urn:${name}`, props: { certificate }, propertyDependencies: {}, ...within };
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

  describe.each(TRUST_ANCHORS)("with dates (%s)", (type) => {
    const component = (name = "org"): Partial<PolicyResource> => ({ type, name, urn: `urn:component:${name}` });
    const org = component();

    it("pass the next generation that waits for its activateOn, until 14 days before the last active one expires", async () => {
      const [soon, late, next] = await Promise.all([anchor(14, org), anchor(13, org), anchor(400, org)]);
      expect(judgeStack(setMinimumValidity, [soon, next, activation([soon])])).toEqual([]);
      expect(judgeStack(setMinimumValidity, [late, next, activation([late])])).toEqual([
        'urn:org: the last anchor of "org" is valid for 13 more days, less than 14, and its successor "valid-400" is not ' +
          "active yet: give it an earlier activateOn, or none",
      ]);
      expect(judgeStack(setMinimumValidity, [soon, next, activation([soon])], { activeDays: 20 })).toHaveLength(1);
      expect(judgeStack(setMinimumValidity, [late, next, activation([late, next])])).toEqual([]);
    });

    it("do not take for the next generation what expires soon, too, or what will not be activated beside it", async () => {
      const [soon, sooner, other, alone] = await Promise.all([
        anchor(40, org),
        anchor(44, org),
        anchor(400, component("other")),
        anchor(500),
      ]);
      const refused = [expect.stringMatching(/valid for 40 more days, less than 45: add the next generation/)];
      for (const beside of [sooner, other, alone]) {
        expect(judgeStack(setMinimumValidity, [soon, beside, activation([soon])])).toEqual(refused);
      }
    });

    it("do not take for the next generation what stands outside of the component, where nothing has dates", async () => {
      const stack = { type: "pulumi:pulumi:Stack", name: "prod", urn: "urn:stack" };
      const [soon, beside] = await Promise.all([anchor(40, stack), anchor(400, stack)]);
      expect(judgeStack(setMinimumValidity, [soon, beside, activation([soon])])).toHaveLength(1);
    });

    it("do not take for the next generation what is active in another set, and so has no date to come", async () => {
      const [soon, elsewhere] = await Promise.all([anchor(40, org), anchor(400, org)]);
      const project = { ...activation([elsewhere]), type: ACTIVATIONS[1] ?? "", name: "pilot", urn: "urn:pilot" };
      expect(judgeStack(setMinimumValidity, [soon, elsewhere, activation([soon]), project])).toHaveLength(1);
    });
  });

  it("do not count an anchor that waits for its CEL filter, and pass it as the next generation", async () => {
    const held = async (attachedTo?: string) => {
      const one = await anchor(400);
      return { ...one, props: { ...one.props, celFilter: { expression: "true", ...(attachedTo && { attachedTo }) } } };
    };
    const [soon, late] = [await anchor(20), await anchor(3)];
    expect(judgeStack(setMinimumValidity, [activation([soon, await held()])])).toEqual([]);
    expect(judgeStack(setMinimumValidity, [activation([late, await held()])])).toEqual([
      'urn:org: the last anchor of "org" is valid for 3 more days, less than 14, and its successor "valid-400" waits for ' +
        "its CEL filter: attach it, and set attachedTo",
    ]);
    expect(judgeStack(setMinimumValidity, [activation([late, await held("cert_a")])])).toEqual([]);
    expect(judgeStack(setMinimumValidity, [activation([await held()])])).toEqual([]);
    const unknown = await held(UNKNOWN);
    const props = withUnknowns(unknown.props);
    expect(judgeStack(setMinimumValidity, [activation([soon, { ...unknown, props }])])).toEqual([]);
    expect(judgeStack(setMinimumValidity, [activation([late, { ...unknown, props }])])).toHaveLength(1);
  });

  it("do not count an anchor that is not valid yet, and refuse a set of such ones", async () => {
    const [soon, late, next] = [await anchor(20), await anchor(3), await anchor(400, undefined, 10)];
    expect(judgeStack(setMinimumValidity, [activation([soon, next])])).toEqual([]);
    expect(judgeStack(setMinimumValidity, [activation([late, next])])).toEqual([
      expect.stringMatching(
        /valid for 3 more days, less than 14, and its successor "valid-400" is not valid yet: list one/,
      ),
    ]);
    expect(judgeStack(setMinimumValidity, [activation([next])])).toEqual([
      'urn:org: no anchor of "org" is valid now, and its successor "valid-400" is not valid yet: list one that is valid now',
    ]);
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
