import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { createAuthority } from "../../../emulator";
import { TrustAnchors, type TrustAnchorsArgs } from "../../../sdk";
import { readAnchors } from "../../../sdk/anchors/read";
import { fingerprintOf, realAnchors } from "../../support/anchors";

const [first = "", second = ""] = realAnchors(2);

/** The message of the RunError that a program which declares this ends with. */
function refusal(args: Partial<TrustAnchorsArgs>): string {
  try {
    new TrustAnchors("org", args as TrustAnchorsArgs);
  } catch (error) {
    if (pulumi.RunError.isInstance(error)) {
      return error.message;
    }
    throw error;
  }
  throw new Error("nothing was refused");
}

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
    ["a day that does not exist", "2027-02-30", /activateOn is "2027-02-30", which is no date/],
    ["a leap day without a leap year", "2027-02-29", /no date/],
    ["a thirteenth month", "2027-13-01", /no date/],
    ["a time", "2027-01-01T00:00:00Z", /no date/],
    ["another order", "01/02/2027", /write a day that exists, as text like "2027-01-31" \(UTC\)/],
    ["white space", " 2027-01-01", /no date/],
    ["a number", 20270101, /activateOn is a number, which is no date/],
    ["a Date", new Date("2027-01-01"), /activateOn is a object, which is no date/],
    ["null", null, /no date/],
  ])("refuses %s as a date", (_, activateOn, message) => {
    const anchor = { certificate: first, activateOn } as { certificate: string };
    expect(refusal({ anchors: { root: anchor } })).toMatch(message);
  });

  it.each(["2027-01-01", "2026-12-31"])(
    "refuses an anchor that retires on %s, not after it is activated",
    (retireOn) => {
      expect(refusal({ anchors: { root: { certificate: first, activateOn: "2027-01-01", retireOn } } })).toBe(
        `TrustAnchors "org": anchors["root"]: retireOn ${retireOn} must be after activateOn 2027-01-01: it would never be active`,
      );
    },
  );

  it("refuses an anchor that has expired by the day it is activated", async () => {
    const { certificate } = await createAuthority({ notAfter: new Date("2031-05-01T12:00:00Z") });
    expect(refusal({ anchors: { root: { certificate, activateOn: "2031-05-01" } } })).toMatch(
      /anchors\["root"\]: the certificate expires on 2031-05-01, so that nobody could use it from activateOn 2031-05-01 on/,
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
    ["an empty map", {}, /anchors names none: give a folder/],
    ["nothing at all", undefined, /anchors names none/],
    ["an anchor without a name", { " ": first }, /anchors has an anchor without a name/],
    ["no certificate", { root: { retireOn: "2027-01-01" } }, /anchors\["root"\] has no certificate/],
    ["nothing", { root: null }, /anchors\["root"\] has no certificate/],
    ["a misspelled date", { root: { certificate: first, retireAt: "2027-01-01" } }, /unknown property "retireAt"/],
    ["a bundle", { root: first + second }, /anchors\["root"\] holds 2 certificates/],
    ["a PEM text as the folder", first, /^TrustAnchors "org": anchors is a PEM text; give a folder/],
  ])("refuses %s", (_, anchors, message) => {
    expect(refusal({ anchors } as Partial<TrustAnchorsArgs>)).toMatch(message);
  });

  it("never repeats a private key that is in a certificate's place", async () => {
    const { key } = await createAuthority();
    const message = refusal({ anchors: { root: key, other: { certificate: first, activateOn: key } } });
    expect(message).toMatch(/anchors\["root"\] holds a private key/);
    expect(message).toMatch(/activateOn is "\[redacted PEM\]"/);
    expect(message).not.toMatch(/BEGIN|MII|MIG/);
  });
});

describe("a folder of anchors", () => {
  let folder: string;
  beforeEach(() => {
    folder = path.join(mkdtempSync(path.join(os.tmpdir(), "anchors-")), "anchors");
    mkdirSync(folder);
  });
  afterEach(() => {
    rmSync(path.dirname(folder), { recursive: true });
  });

  function write(files: Record<string, string>): void {
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(path.join(folder, name), text);
    }
  }

  it("takes each *.pem file under its name, and leaves everything else alone", () => {
    write({ "a.pem": first, "b.2027.pem": second, "README.md": "#", ".a.pem": "hidden", "notes.txt": first });
    mkdirSync(path.join(folder, "retired.pem"));
    expect(readAnchors("org", folder).anchors).toMatchObject([
      { key: "a", where: path.join(folder, "a.pem"), parsed: { fingerprint: fingerprintOf(first) } },
      { key: "b.2027", parsed: { fingerprint: fingerprintOf(second) } },
    ]);
  });

  it("takes a relative folder from the working directory", () => {
    write({ "a.pem": first });
    expect(readAnchors("org", path.relative(process.cwd(), folder)).anchors).toHaveLength(1);
  });

  it("reads dates, names and adoptions from anchors.yaml, quoted or not", () => {
    write({
      "a.pem": first,
      "b.pem": second,
      "anchors.yaml":
        "# dates\na:\n  retireOn: 2027-02-01\n  name: 2026\n  adopt: cert_abc\nb: { activateOn: '2027-01-01', adopt: true }\n",
    });
    expect(readAnchors("org", folder).anchors).toMatchObject([
      { key: "a", retireOn: "2027-02-01", name: "2026", adopt: "cert_abc" },
      { key: "b", activateOn: "2027-01-01", adopt: true },
    ]);
  });

  it.each(["", "# nothing yet\n", "---\n"])("takes an empty anchors.yaml (%j) for no dates", (text) => {
    write({ "a.pem": first, "anchors.yaml": text });
    expect(readAnchors("org", folder).anchors).toHaveLength(1);
  });

  it.each<[string, string, RegExp]>([
    [
      "a day that does not exist",
      "a: { retireOn: 2027-02-30 }",
      /anchors\.yaml: a: retireOn is "2027-02-30", which is no date/,
    ],
    ["a time stamp, also as YAML 1.1 reads it", "%YAML 1.1\n---\na: { retireOn: 2027-02-01 10:00:00 }", /no date/],
    ["a tagged time stamp", "a: { retireOn: !!timestamp 2027-02-30 }", /no date/],
    ["a number", "a: { retireOn: 20270201 }", /no date/],
    ["a date that is left empty", "a: { retireOn: }", /anchors\.yaml: a\.retireOn must be text that is not empty/],
    ["a misspelled setting", "a: { retiresOn: 2027-02-01 }", /a has an unknown setting "retiresOn"/],
    [
      "an anchor there is no file for",
      "aa: { retireOn: 2027-02-01 }",
      /anchors\.yaml names "aa", but there is no aa\.pem/,
    ],
    ["an anchor without settings", "a: 2027-02-01", /anchors\.yaml: a must have settings/],
    ["a list", "- a", /anchors\.yaml must map anchors' names to settings/],
    ["an anchor named twice", "a: { name: x }\na: { name: y }", /is not YAML: Map keys must be unique at line 2/],
    ["what is not YAML", "a: b: c", /anchors\.yaml is not YAML: .* at line 1, column 4$/],
  ])("refuses in anchors.yaml %s", (_, text, message) => {
    write({ "a.pem": first, "anchors.yaml": text });
    const shown = refusal({ anchors: folder });
    expect(shown).toMatch(message);
    expect(shown).not.toContain("\n");
  });

  it.each(["anchors.yml", "Anchors.yaml"])("refuses dates in %s instead of passing them over", (name) => {
    write({ "a.pem": first, [name]: "a: { retireOn: 2027-02-01 }" });
    expect(refusal({ anchors: folder })).toMatch(/is not read: call it anchors\.yaml/);
  });

  it("refuses an empty folder, one that is missing, and a file, and says where it looked", () => {
    write({ "README.md": "#", "a.crt": first });
    const relative = path.relative(process.cwd(), folder);
    expect(refusal({ anchors: relative })).toBe(
      `TrustAnchors "org": the folder ${relative} holds no *.pem file (looked in ${folder})`,
    );
    expect(refusal({ anchors: path.join(folder, "none") })).toMatch(/cannot be read: ENOENT \(looked in .*none\)/);
    expect(refusal({ anchors: path.join(folder, "a.crt") })).toMatch(/cannot be read: ENOTDIR/);
  });

  it("names every problem at once, each with its file", async () => {
    const { key } = await createAuthority();
    write({ "a.pem": first, "b.pem": first, "key.pem": key, "bundle.pem": first + second, "text.pem": "hello" });
    const shown = refusal({ anchors: folder });
    expect(shown.split("\n")).toEqual([
      'TrustAnchors "org":',
      expect.stringMatching(/bundle\.pem holds 2 certificates/),
      expect.stringMatching(/key\.pem holds a private key/),
      expect.stringMatching(/text\.pem holds no PEM certificate/),
      expect.stringMatching(/a\.pem and .*b\.pem hold the same certificate/),
    ]);
    expect(shown).not.toMatch(/-----BEGIN|hello/);
  });
});

describe("the projects that anchors are activated in", () => {
  it.each<[string, unknown, RegExp]>([
    ["none", [], /projectIds is empty: name the projects, or leave it out/],
    ["none in a map", {}, /projectIds is empty/],
    ["an output in a list", [pulumi.output("proj_abc")], /give a map of names of your choice → ids/],
  ])("refuses %s", (_, projectIds, message) => {
    expect(refusal({ anchors: { root: first }, projectIds } as Partial<TrustAnchorsArgs>)).toMatch(message);
  });
});

/** What a program's input comes to. An output fails in several promises at once, all of which have to be awaited. */
async function settled(input: pulumi.Input<string>): Promise<string> {
  const output = pulumi.output(input) as unknown as Record<"promise" | "allResources", () => Promise<string>> &
    Record<"isKnown" | "isSecret", Promise<unknown>>;
  await Promise.allSettled([output.isKnown, output.isSecret, output.allResources()]);
  return output.promise();
}
