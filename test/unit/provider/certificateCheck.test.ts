import { createAuthority } from "../../../emulator";
import { UNKNOWN } from "../../../provider/unknown";
import { realAnchors } from "../../support/anchors";
import { ADMIN_KEY } from "../../support/rig";
import { Certified } from "./certified";

const DAY = 24 * 60 * 60 * 1000;
const [first = "", second = "", _third = ""] = realAnchors(3);

describe("Certificate", () => {
  const on = Certified.perTest();

  describe("check", () => {
    const refusedBy = async (news: Record<string, unknown>, olds = {}) => {
      const { failures } = await on.rig.run().certificate.check(olds, news);
      expect(on.rig.calls()).toEqual([]);
      return failures.map(({ reason }) => reason);
    };

    it("refuses a private key, naming the property and repeating none of it", async () => {
      const { key } = await createAuthority();
      const [reason, ...more] = await refusedBy({ certificate: `${first}\n${key}`, name: "a" });
      expect(more).toEqual([]);
      expect(reason).toMatch(/^certificate holds a private key/);
      for (const line of key.split("\n").filter((text) => text !== "" && !text.startsWith("-"))) {
        expect(reason).not.toContain(line);
      }
    });

    it("never names the property to the engine, which would print its value", async () => {
      const { failures } = await on.rig.run().certificate.check({}, { certificate: "no certificate", name: "a" });
      expect(failures.map(({ property }) => property)).toEqual([""]);
    });

    it.each([
      ["no certificate", "hello", /holds no PEM certificate/],
      ["a bundle", `${first}\n${second}`, /holds 2 certificates/],
      [
        "text that does not parse",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
        /does not decode to X\.509/,
      ],
    ])("refuses %s", async (_, certificate, reason) => {
      expect(await refusedBy({ certificate, name: "a" })).toEqual([expect.stringMatching(reason)]);
    });

    it("says of bytes, which fs.readFileSync answers without an encoding, that a string is wanted", async () => {
      const reasons = await refusedBy({ certificate: { type: "Buffer", data: [45] }, name: "a" });
      expect(reasons).toEqual(["certificate is required, as a string: the text of one PEM certificate"]);
    });

    it("refuses what is no id in adopt, and repeats neither a private key nor an admin key that is in its place", async () => {
      const { key } = await createAuthority();
      expect(await refusedBy({ certificate: first, name: "a", adopt: key })).toEqual([
        "adopt must be true (no text, so without quotes), or the id of the certificate to take over, such as cert_abc",
      ]);
      const run = on.rig.run();
      await run.certificate.check({}, { certificate: first, name: "a", adopt: ADMIN_KEY });
      expect(run.said.text).toMatch(/adopt names \[redacted\], which the organization does not have/);
      await expect(run.certificate.read(key, {})).rejects.toThrow(
        /has no certificate \[redacted PEM\]\. Is the id right/,
      );
    });

    it("refuses a boolean in quotes as adopt, which would be looked for as an id, and uploaded in vain", async () => {
      expect(await refusedBy({ certificate: first, name: "a", adopt: "true" })).toEqual([
        expect.stringContaining("adopt must be true (no text, so without quotes)"),
      ]);
    });

    it("refuses wrong types, each by its property", async () => {
      const reasons = await refusedBy({ certificate: 1, name: "", organization: 2, adopt: {} });
      expect(reasons.map((reason) => reason.split(" ")[0])).toEqual(["certificate", "name", "organization", "adopt"]);
    });

    it("refuses a certificate that is not valid for one more day, but never an anchor that is there already", async () => {
      const almost = await createAuthority({ notAfter: new Date(Date.now() + DAY - 60_000) });
      const news = { certificate: almost.certificate, name: "a" };
      expect(await refusedBy(news)).toEqual([expect.stringMatching(/within a day/)]);
      expect(await refusedBy({ ...news, name: "b" }, news)).toEqual([]);
      const expired = await createAuthority({ notAfter: new Date(Date.now() - DAY) });
      expect(await refusedBy({ certificate: expired.certificate, name: "a" })).toEqual([
        expect.stringMatching(/^certificate expired on \d{4}-\d\d-\d\d/),
      ]);
    });

    it("warns from 30 days before the end", async () => {
      const run = on.rig.run();
      const soon = await createAuthority({ notAfter: new Date(Date.now() + 12.5 * DAY) });
      await run.certificate.check({}, { certificate: soon.certificate, name: "soon" });
      expect(run.said.text).toMatch(/^warning: certificate "soon" expires in 12 days \(\d{4}-\d\d-\d\d\): rotate it$/);
    });

    it("warns for each organization, where anchors of several share a name", async () => {
      const organizations = { eu: { adminKey: ADMIN_KEY }, us: { adminKey: ADMIN_KEY, maxRetries: 1 } };
      const run = on.rig.run({ "openai:organizations": organizations });
      const { certificate } = await createAuthority({ notAfter: new Date(Date.now() + 12.5 * DAY) });
      for (const organization of ["eu", "us"]) {
        await run.certificate.check({}, { certificate, name: "root", organization });
        await run.certificate.check({ certificate }, { certificate: UNKNOWN, name: "root", organization });
      }
      expect(run.said.lines.map((line) => line.replace(/(?<=not known|expires).*/, ""))).toEqual([
        'warning: certificate "root" in organization "eu" expires',
        'the content of "root" in organization "eu" is not known',
        'warning: certificate "root" in organization "us" expires',
        'the content of "root" in organization "us" is not known',
      ]);
    });

    it("says both ways to give a key where there is none, and the names where an organization is not configured", async () => {
      const without = await on.rig
        .run({ "openai:adminKey": undefined })
        .certificate.check({}, { certificate: first, name: "a" });
      expect(without.failures[0]?.reason).toMatch(/OPENAI_ADMIN_KEY.*openai:adminKey/);
      const reasons = await on.rig
        .run({ "openai:organizations": '{"eu":{"adminKey":"k"},"us":{"adminKey":"l"}}' })
        .certificate.check({}, { certificate: first, name: "a", organization: "asia" });
      expect(reasons.failures[0]?.reason).toMatch(/"asia" is not configured.*eu, us/);
    });

    it.each([
      [
        "is replaced, and the sets that list it change",
        undefined,
        /activates that one and deactivates the present one$/,
      ],
      ["cannot be replaced, having a CEL filter", { expression: "true" }, /up refuses to replace it, because the new/],
    ])(
      "says of a content that is not known yet that it may turn out to be another one: it %s",
      async (_, celFilter, said) => {
        const { inputs, ...created } = await on.create({ certificate: first, name: "root", celFilter });
        const run = on.rig.run();
        const news = { certificate: UNKNOWN, name: "root", celFilter };
        expect((await run.certificate.check(inputs, news)).failures).toEqual([]);
        expect(run.said.text).toMatch(
          /^the content of "root" is not known before the run; if it turns out to be another/,
        );
        expect(run.said.text).toMatch(said);
        expect(await run.certificate.diff(created.id, created.outs, news)).toEqual({ changes: true });
      },
    );

    it("lets unknown values pass", async () => {
      expect(await refusedBy({ certificate: UNKNOWN, name: UNKNOWN, organization: UNKNOWN, adopt: UNKNOWN })).toEqual(
        [],
      );
    });

    it("makes the PEM canonical, so that white space, CRLF and comments never reach the engine's diff", async () => {
      const dressed = `# our root\r\n\r\n${first.replace(/\n/g, "\r\n")}\r\n\r\n`;
      const { inputs } = await on.rig.run().certificate.check({}, { certificate: dressed, name: "a" });
      const plain = await on.rig.run().certificate.check({}, { certificate: first, name: "a" });
      expect(inputs).toEqual(plain.inputs);
    });
  });
});
