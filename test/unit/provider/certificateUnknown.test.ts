import { createAuthority } from "../../../emulator";
import { UNKNOWN } from "../../../provider/unknown";
import { realAnchors } from "../../support/anchors";
import { Certified } from "./certified";

const [first = "", second = ""] = realAnchors(2);
const DAY = 24 * 60 * 60 * 1000;

describe("a Certificate of which not all is known before the run", () => {
  const on = Certified.perTest();
  const refusalOf = async (news: Record<string, unknown>, olds = {}, run = on.rig.run()) =>
    (await run.certificate.check(olds, news)).failures.map(({ reason }) => reason).join("\n");

  describe("near the limit of 50", () => {
    beforeEach(() => {
      for (const certificate of realAnchors(49)) {
        on.rig.organization.upload({ certificate });
      }
    });

    it.each([
      ["content", { certificate: UNKNOWN }],
      ["adopt", { certificate: second, adopt: UNKNOWN }],
    ])("warns of uploads that up would refuse, while %s is not known, in whatever order", async (_, open) => {
      const known = { name: "known", certificate: (await createAuthority()).certificate };
      const unread = { name: "open", ...open };
      for (const [one, other] of [
        [known, unread],
        [unread, known],
      ] as const) {
        const run = on.rig.run();
        expect(await refusalOf(one, {}, run)).toBe("");
        expect(run.said.text).not.toContain("may be one upload too many");
        expect(await refusalOf(other, {}, run)).toBe("");
        expect(run.said.text).toMatch(
          new RegExp(
            `^warning: "${other.name}" may be one upload too many, which up would refuse: the organization has 49 certificates and ` +
              "may hold 50, and this run would upload up to 2 more certificates .*Add or replace at most 1 in one run",
            "m",
          ),
        );
        expect(on.rig.calls()).toEqual(["GET /organization/certificates"]);
      }
    });
  });

  it.each([
    [
      "is uploaded there",
      undefined,
      /"root" .* another one, it is uploaded there with a new id, and the present one is/,
    ],
    ["is refused with a CEL filter", { expression: "true" }, /"root" .* another one, up refuses to replace it/],
  ])(
    "says of an organization that is not known yet that it may turn out to be another: it %s",
    async (_, celFilter, said) => {
      const { inputs } = await on.create({ certificate: first, name: "root", celFilter });
      const run = on.rig.run();
      expect(await refusalOf({ ...inputs, organization: UNKNOWN }, inputs, run)).toBe("");
      expect(run.said.text).toMatch(/^the organization of "root" is not known before the run/);
      expect(run.said.text).toMatch(said);
      const fresh = on.rig.run();
      await refusalOf({ ...inputs, organization: UNKNOWN }, {}, fresh);
      expect(fresh.said.text).not.toContain("the organization of");
    },
  );

  it("is not refused for its end of validity while it may be adopted, and says that up may refuse it", async () => {
    const { certificate } = await createAuthority({ notAfter: new Date(Date.now() - DAY) });
    const news = { certificate, name: "old" };
    for (const open of [{ adopt: UNKNOWN }, { adopt: true, organization: UNKNOWN }]) {
      const run = on.rig.run();
      expect(await refusalOf({ ...news, ...open }, {}, run)).toBe("");
      expect(run.said.text).toMatch(/^"old": certificate expired .*if there is nothing to adopt, up refuses it$/m);
    }
    for (const adopt of [undefined, false]) {
      expect(await refusalOf({ ...news, adopt, organization: UNKNOWN })).toMatch(/^certificate expired/);
    }
  });

  it("previews an update with nothing of an old content while the new one is not known", async () => {
    const { outs, inputs } = await on.create({ certificate: first, name: "root" });
    const run = on.rig.run();
    const preview = async (news: object) => (await run.certificate.preview({ ...inputs, ...news }, outs)).outs;
    expect(await preview({ certificate: UNKNOWN })).toEqual({
      ...outs,
      certificate: UNKNOWN,
      fingerprint: UNKNOWN,
      createdAt: UNKNOWN,
      validAt: UNKNOWN,
      expiresAt: UNKNOWN,
    });
    expect(await preview({ organization: UNKNOWN })).toEqual({
      ...outs,
      organization: UNKNOWN,
      createdAt: UNKNOWN,
      organizationId: UNKNOWN,
    });
  });
});
