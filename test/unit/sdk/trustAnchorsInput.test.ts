import * as pulumi from "@pulumi/pulumi";
import { createAuthority } from "../../../emulator";
import type { TrustAnchorsArgs } from "../../../sdk";
import { readAnchors } from "../../../sdk/anchors/read";
import { fingerprintOf, realAnchors } from "../../support/anchors";
import { refusal } from "./refusedAnchors";

const [first = "", second = ""] = realAnchors(2);

describe("a map of anchors", () => {
  it("takes a PEM text, an output, and an object with dates", () => {
    const { anchors } = readAnchors("org", {
      text: first,
      dated: { certificate: second, name: "Corp", activateOn: "2027-01-01", retireOn: "2028-02-29" },
      eventual: pulumi.output(first),
    });
    expect(anchors).toMatchObject([
      { key: "dated", name: "Corp", activateOn: "2027-01-01", retireOn: "2028-02-29" },
      { key: "eventual", parsed: undefined },
      { key: "text", parsed: { fingerprint: fingerprintOf(first) } },
    ]);
  });

  it.each<[string, unknown, RegExp]>([
    ["a day that does not exist", "2027-02-30", /activateOn has the invalid date "2027-02-30"/],
    ["a leap day without a leap year", "2027-02-29", /invalid date/],
    ["a thirteenth month", "2027-13-01", /invalid date/],
    ["a time", "2027-01-01T00:00:00Z", /invalid date/],
    ["another order", "01/02/2027", /invalid date "01\/02\/2027": write a day in UTC as text, such as "2027-01-31"$/],
    ["white space", " 2027-01-01", /invalid date/],
    ["a number", 20270101, /activateOn has an invalid date \(type number\): write a day/],
    ["a Date", new Date("2027-01-01"), /invalid date \(a Date\)/],
    ["null", null, /invalid date \(null\)/],
  ])("refuses %s as a date", (_, activateOn, message) => {
    const anchor = { certificate: first, activateOn } as { certificate: string };
    expect(refusal({ anchors: { root: anchor } })).toMatch(message);
  });

  it.each(["2027-01-01", "2026-12-31"])(
    "refuses an anchor that retires on %s, not after it is activated",
    (retireOn) => {
      expect(refusal({ anchors: { root: { certificate: first, activateOn: "2027-01-01", retireOn } } })).toBe(
        `TrustAnchors "org": anchors["root"]: retireOn ${retireOn} must be later than activateOn 2027-01-01, or the anchor would never be active`,
      );
    },
  );

  it("refuses an anchor that has expired by the day it is activated", async () => {
    const { certificate } = await createAuthority({ notAfter: new Date("2031-05-01T12:00:00Z") });
    expect(refusal({ anchors: { root: { certificate, activateOn: "2031-05-01" } } })).toMatch(
      /anchors\["root"\]: the certificate expires on 2031-05-01, before any client could use it \(activateOn 2031-05-01\)/,
    );
  });

  it("leaves one that expired to the provider, which knows whether it is new: time alone never makes a program fail", async () => {
    const { certificate } = await createAuthority({
      notBefore: new Date("2020-01-01"),
      notAfter: new Date("2021-01-01"),
    });
    expect(readAnchors("org", { root: certificate }).anchors).toHaveLength(1);
  });

  it("refuses two anchors with one certificate, however it is dressed", () => {
    expect(refusal({ anchors: { one: first, two: `# the same\r\n${first.replace(/\n/g, "\r\n")}` } })).toBe(
      `TrustAnchors "org": anchors["one"] and anchors["two"] hold the same certificate (SHA-256 ${fingerprintOf(first)}): remove one of them`,
    );
  });

  it.each([
    [false, true],
    [true, true],
  ])("refuses that also where an output turns out to hold it (outputs: %s, %s)", async (one, two) => {
    const { anchors, twins } = readAnchors("org", {
      one: one ? pulumi.output(first) : first,
      two: two ? pulumi.output(first) : first,
      other: pulumi.output(second),
    });
    const pem = (key: string) => twins.distinct(anchors.find((anchor) => anchor.key === key)!, "org");
    expect(await settled(pem("one"))).toBe(first);
    expect(await settled(pem("other"))).toBe(second);
    await expect(settled(pem("two"))).rejects.toThrow(
      /anchors\["one"\] and anchors\["two"\] hold the same certificate/,
    );
  });

  it("keeps a secret PEM secret, and no other with it", async () => {
    const { anchors, twins } = readAnchors("org", { open: pulumi.output(first), secret: pulumi.secret(second) });
    const [open, secret] = anchors.map((anchor) => pulumi.output(twins.distinct(anchor, "org")));
    expect(await pulumi.isSecret(secret as pulumi.Output<string>)).toBe(true);
    expect(await pulumi.isSecret(open as pulumi.Output<string>)).toBe(false);
  });

  it.each<[string, unknown, RegExp]>([
    ["an empty map", {}, /anchors is empty: give a folder/],
    ["nothing at all", undefined, /anchors is empty/],
    ["an anchor without a name", { " ": first }, /anchors has an entry with an empty name/],
    ["no certificate", { root: { retireOn: "2027-01-01" } }, /anchors\["root"\] has no certificate/],
    ["nothing", { root: null }, /anchors\["root"\] has no certificate/],
    ["a misspelled date", { root: { certificate: first, retireAt: "2027-01-01" } }, /unknown property "retireAt"/],
    ["a bundle", { root: first + second }, /anchors\["root"\] holds 2 certificates/],
    ["a PEM text as the folder", first, /^TrustAnchors "org": anchors is a PEM text: give a folder/],
    ["a filter that is a text", { root: { certificate: first, celFilter: "true" } }, /celFilter must be \{ expression/],
    [
      "a filter without an expression",
      { root: { certificate: first, celFilter: {} } },
      /celFilter needs an expression/,
    ],
    [
      "a filter attached to nothing",
      { root: { certificate: first, celFilter: { expression: "true", attachedTo: "" } } },
      /anchors\["root"\]: celFilter\.attachedTo must be a certificate's id/,
    ],
    [
      "a misspelled property of a filter",
      { root: { certificate: first, celFilter: { expression: "true", attachTo: "cert_a" } } },
      /celFilter has an unknown property "attachTo"; the known ones are expression, attachedTo/,
    ],
  ])("refuses %s", (_, anchors, message) => {
    expect(refusal({ anchors } as Partial<TrustAnchorsArgs>)).toMatch(message);
  });

  it("never repeats a private key that is in a certificate's place", async () => {
    const { key } = await createAuthority();
    const message = refusal({ anchors: { root: key, other: { certificate: first, activateOn: key } } });
    expect(message).toMatch(/anchors\["root"\] holds a private key/);
    expect(message).toMatch(/activateOn has the invalid date "\[redacted PEM\]"/);
    expect(message).not.toMatch(/BEGIN|MII|MIG/);
  });
});

describe("the projects that anchors are activated in", () => {
  it.each<[string, unknown, RegExp]>([
    ["none", [], /projectIds is empty: list the projects, or leave it out/],
    ["none in a map", {}, /projectIds is empty/],
    ["an output", pulumi.output({ app: "proj_a" }), /projectIds must be known while the program runs: give a map/],
    ["an output in a list", [pulumi.output("proj_abc")], /give a map of names to ids, such as/],
  ])("refuses %s", (_, projectIds, message) => {
    expect(refusal({ anchors: { root: first }, projectIds } as Partial<TrustAnchorsArgs>)).toMatch(message);
  });
});

describe("anchors that the program activates itself", () => {
  it.each<[string, object, RegExp]>([
    [
      "options of an activation, which nobody would look at",
      { requiredClients: [first], takeOver: true },
      /^TrustAnchors "org": activate: false declares no activation, so requiredClients, takeOver would have no effect\. Pass them to/,
    ],
    ["projects to activate them in", { projectIds: ["proj_a"] }, /so projectIds would have no effect\. Pass it to/],
    ["protection", { protectActivation: true }, /so protectActivation would have no effect/],
  ])("refuse %s", (_, options, message) => {
    expect(refusal({ anchors: { root: first }, activate: false, ...options })).toMatch(message);
  });

  it.each<[unknown]>([[pulumi.output(false)], [null], ["false"]])(
    "need to be told so by true or false (%#)",
    (activate) => {
      expect(refusal({ anchors: { root: first }, activate: activate as boolean })).toMatch(
        /activate must be true or false/,
      );
    },
  );
});

/** What a program's input comes to. An output fails in several promises at once, all of which have to be awaited. */
async function settled(input: pulumi.Input<string>): Promise<string> {
  const output = pulumi.output(input) as unknown as Record<"promise" | "allResources", () => Promise<string>> &
    Record<"isKnown" | "isSecret", Promise<unknown>>;
  await Promise.allSettled([output.isKnown, output.isSecret, output.allResources()]);
  return output.promise();
}
