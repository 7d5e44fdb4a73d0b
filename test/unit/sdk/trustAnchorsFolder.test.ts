import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createAuthority } from "../../../emulator";
import { readAnchors } from "../../../sdk/anchors/read";
import { fingerprintOf, realAnchors } from "../../support/anchors";
import { refusal } from "./refusedAnchors";

const [first = "", second = "", third = "", fourth = ""] = realAnchors(4);

describe("a folder of anchors", () => {
  let folder: string;
  beforeEach(() => {
    folder = path.join(mkdtempSync(path.join(os.tmpdir(), "anchors-")), "anchors");
    mkdirSync(folder);
  });
  afterEach(() => {
    rmSync(path.dirname(folder), { recursive: true });
  });

  function write(files: Record<string, string | Buffer>): void {
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(path.join(folder, name), text);
    }
  }

  it("takes each certificate file under its name without the extension, and leaves everything else alone", () => {
    write({
      "a.pem": first,
      "b.2027.PEM": second,
      "c.crt": third,
      "D.Cer": fourth,
      "README.md": "#",
      ".a.pem": "hidden",
    });
    mkdirSync(path.join(folder, "retired"));
    const { anchors, warnings } = readAnchors("org", folder);
    expect(anchors).toMatchObject([
      { key: "D", parsed: { fingerprint: fingerprintOf(fourth) } },
      { key: "a", where: path.join(folder, "a.pem"), parsed: { fingerprint: fingerprintOf(first) } },
      { key: "b.2027", parsed: { fingerprint: fingerprintOf(second) } },
      { key: "c", parsed: { fingerprint: fingerprintOf(third) } },
    ]);
    expect(warnings).toEqual([]);
  });

  it("takes a certificate in DER, which Windows calls *.cer or *.crt too", async () => {
    write({ "a.cer": new X509Certificate(first).raw });
    const [anchor] = readAnchors("org", folder).anchors;
    expect(anchor).toMatchObject({ key: "a", parsed: { fingerprint: fingerprintOf(first) } });
    write({ "b.cer": new X509Certificate(second).raw.subarray(0, 100) });
    expect(refusal({ anchors: folder })).toMatch(/b\.cer is not a readable certificate/);
  });

  it("warns of certificates that it skips, known by their extension or their content, and of nothing else", () => {
    write({
      "a.pem": first,
      "b.der": new X509Certificate(second).raw,
      "c.p7b": "anything",
      "d.pem.bak": second,
      ".e.pem": third,
      "._a.pem": "kept by a file system",
      ".f.pfx": "hidden",
      "README.md": "about certificates",
    });
    symlinkSync("nowhere", path.join(folder, ".#a.pem"));
    const names = [".e.pem", "b.der", "c.p7b", "d.pem.bak"].map((name) => path.join(folder, name));
    expect(readAnchors("org", folder).warnings).toEqual([
      `skipped ${names.join(", ")}: only *.pem, *.crt and *.cer files are trust anchors here`,
    ]);
  });

  it("refuses two files that would be one anchor, by name", () => {
    write({ "a.pem": first, "a.crt": second, "A.pem": third });
    const [one, two] = [path.join(folder, "a.crt"), path.join(folder, "a.pem")];
    expect(refusal({ anchors: folder })).toBe(
      `TrustAnchors "org": ${one} and ${two} would both be the anchor "a": rename one of them`,
    );
  });

  it.each<[string, (file: string) => void, RegExp]>([
    [
      "a symbolic link to a file that is gone",
      (file) => symlinkSync("../gone.pem", file),
      /x\.pem is a symbolic link to \.\.\/gone\.pem, which does not exist$/,
    ],
    ["a symbolic link to itself", (file) => symlinkSync("x.pem", file), /x\.pem is a symbolic link that leads back to/],
    ["a folder", (file) => mkdirSync(file), /x\.pem is a folder, not a file: rename it, or move it elsewhere$/],
    ["a pipe", (file) => execFileSync("mkfifo", [file]), /x\.pem is not a regular file$/],
  ])("names a certificate file that is %s, and reads no further", (_, make, message) => {
    write({ "a.pem": first });
    make(path.join(folder, "x.pem"));
    expect(refusal({ anchors: folder })).toMatch(message);
  });

  // The superuser may read every file, whatever its permissions are.
  (process.getuid?.() === 0 ? it.skip : it)("names a file that it may not read", () => {
    write({ "a.pem": first });
    chmodSync(path.join(folder, "a.pem"), 0o000);
    expect(refusal({ anchors: folder })).toMatch(/a\.pem cannot be read: permission denied \(EACCES\)/);
  });

  it("names anchors.yaml where it cannot be read, instead of going without its dates", () => {
    write({ "a.pem": first });
    symlinkSync("gone.yaml", path.join(folder, "anchors.yaml"));
    expect(refusal({ anchors: folder })).toMatch(
      /anchors\.yaml is a symbolic link to gone\.yaml, which does not exist/,
    );
  });

  it("follows symbolic links, as a mounted secret has them", () => {
    mkdirSync(path.join(folder, "..data"));
    writeFileSync(path.join(folder, "..data", "a.pem"), first);
    symlinkSync("..data/a.pem", path.join(folder, "a.pem"));
    expect(readAnchors("org", folder)).toMatchObject({ anchors: [{ key: "a" }], warnings: [] });
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

  it("reads filters from anchors.yaml: an expression, or one with the certificate it is attached to", () => {
    write({
      "a.pem": first,
      "b.pem": second,
      "anchors.yaml":
        'a: { celFilter: \'subject.common_name == "gateway"\' }\nb:\n  celFilter:\n    expression: "true"\n    attachedTo: cert_b\n',
    });
    expect(readAnchors("org", folder).anchors).toMatchObject([
      { key: "a", celFilter: { expression: 'subject.common_name == "gateway"' } },
      { key: "b", celFilter: { expression: "true", attachedTo: "cert_b" } },
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
      /anchors\.yaml: a: retireOn has the invalid date "2027-02-30"/,
    ],
    ["a time stamp, also as YAML 1.1 reads it", "%YAML 1.1\n---\na: { retireOn: 2027-02-01 10:00:00 }", /invalid date/],
    ["a tagged time stamp", "a: { retireOn: !!timestamp 2027-02-30 }", /invalid date/],
    ["a number", "a: { retireOn: 20270201 }", /invalid date/],
    ["a date that is left empty", "a: { retireOn: }", /anchors\.yaml: a\.retireOn must be a non-empty string/],
    ["a misspelled setting", "a: { retiresOn: 2027-02-01 }", /a has an unknown setting "retiresOn"/],
    [
      "an anchor there is no file for",
      "aa: { retireOn: 2027-02-01 }",
      /anchors\.yaml has settings for "aa", but there is no aa\.pem, aa\.crt or aa\.cer/,
    ],
    ["an anchor without settings", "a: 2027-02-01", /anchors\.yaml: a must contain settings: name, activateOn/],
    ["an empty filter", "a: { celFilter: }", /a: celFilter needs an expression/],
    ["a filter that is a list", "a: { celFilter: [] }", /a: celFilter must be \{ expression, attachedTo\? \}/],
    ["a misspelled filter", "a: { celFilter: { expr: 'true' } }", /celFilter has an unknown property "expr"/],
    ["a list", "- a", /anchors\.yaml must give settings by anchor, such as/],
    ["an anchor named twice", "a: { name: x }\na: { name: y }", /is not valid YAML: Map keys must be unique at line 2/],
    ["what is not YAML", "a: b: c", /anchors\.yaml is not valid YAML: .* at line 1, column 4$/],
  ])("refuses in anchors.yaml %s", (_, text, message) => {
    write({ "a.pem": first, "anchors.yaml": text });
    const shown = refusal({ anchors: folder });
    expect(shown).toMatch(message);
    expect(shown).not.toContain("\n");
  });

  it.each(["anchors.yml", "Anchors.yaml"])("refuses dates in %s instead of ignoring them", (name) => {
    write({ "a.pem": first, [name]: "a: { retireOn: 2027-02-01 }" });
    expect(refusal({ anchors: folder })).toMatch(/would be ignored: rename it to anchors\.yaml/);
  });

  it("refuses an empty folder, one that is missing, and a file, and says where it looked", () => {
    write({ "README.md": "#", "a.txt": first });
    const relative = path.relative(process.cwd(), folder);
    expect(refusal({ anchors: relative })).toBe(
      `TrustAnchors "org": the folder ${relative} contains no *.pem, *.crt or *.cer file (full path: ${folder}); ` +
        `skipped ${path.join(relative, "a.txt")}: only *.pem, *.crt and *.cer files are trust anchors here`,
    );
    expect(refusal({ anchors: path.join(folder, "none") })).toMatch(
      /the folder .*none does not exist \(full path: .*none\)/,
    );
    expect(refusal({ anchors: path.join(folder, "a.txt") })).toMatch(/a\.txt is not a folder/);
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
