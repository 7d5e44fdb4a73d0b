import fc from "fast-check";
import ts from "typescript";
import { Names } from "../../../cli/adopt/names";
import { planAdoption } from "../../../cli/adopt/plan";
import { programText } from "../../../cli/adopt/program";
import { projectFiles } from "../../../cli/adopt/project";
import type { Observation } from "../../../cli/observation/observe";
import { createAuthority } from "../../../emulator";
import { parsePem } from "../../../provider/pem";
import { ACTING, anyName, HOSTILE } from "./hostile";
import { anchorPem, certificate, observation, project } from "./observations";

let lasting: string;
let other: string;
let expired: string;

beforeAll(async () => {
  [lasting, other, expired] = await Promise.all([anchorPem(700), anchorPem(600), anchorPem(-3)]);
});

interface Declared {
  readonly kind: string;
  readonly logicalName: string;
  readonly args: { readonly certificateIds?: unknown[]; readonly projectId?: string; readonly [key: string]: unknown };
}

/** What the program declares when it runs: the classes only note their arguments, and files are those of the project. */
function run(seen: Observation): Declared[] {
  const files = projectFiles(planAdoption(seen));
  const { outputText, diagnostics } = ts.transpileModule(files.get("index.ts") ?? "", {
    reportDiagnostics: true,
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  expect(diagnostics).toEqual([]);
  const declared: Declared[] = [];
  const noting = (kind: string) =>
    class {
      readonly id: string;
      constructor(logicalName: string, args: Declared["args"]) {
        declared.push({ kind, logicalName, args });
        this.id = `id of ${logicalName}`;
      }
    };
  const modules: Record<string, unknown> = {
    "node:fs": { readFileSync: (file: string) => files.get(file) },
    "node:path": { join: (...parts: string[]) => parts.slice(1).join("/") },
    "pulumi-openai-certificates": Object.fromEntries(
      ["Certificate", "CertificateActivation", "ProjectCertificateActivation"].map((kind) => [kind, noting(kind)]),
    ),
  };
  new Function("require", "exports", "__dirname", outputText)((name: string) => modules[name], {}, "/program");
  return declared;
}

describe("the program", () => {
  it("takes over each certificate by its id, with its name and PEM, and declares each set as it is", () => {
    const anchors = [certificate("cert_1", "corp-root", lasting), certificate("cert_2", "Old root (2029)", expired)];
    const projects = [project("proj_pay", "Payments", ["cert_1"]), project("proj_none", "None", [])];
    expect(run(observation(anchors, ["cert_1", "cert_2"], projects))).toEqual([
      { kind: "Certificate", logicalName: "corp-root", args: { certificate: lasting, adopt: "cert_1" } },
      {
        kind: "Certificate",
        logicalName: "Old-root-2029",
        args: { name: "Old root (2029)", certificate: expired, adopt: "cert_2" },
      },
      {
        kind: "CertificateActivation",
        logicalName: "organization",
        args: { certificateIds: ["id of corp-root", "id of Old-root-2029"] },
      },
      {
        kind: "ProjectCertificateActivation",
        logicalName: "Payments",
        args: { projectId: "proj_pay", certificateIds: ["id of corp-root"] },
      },
    ]);
  });

  it("takes over duplicates one by one", () => {
    const anchors = [certificate("cert_1", "root", lasting), certificate("cert_2", "root", lasting)];
    const certificates = run(observation(anchors)).map(({ logicalName, args }) => [
      logicalName,
      args["name"],
      args["adopt"],
    ]);
    expect(certificates).toEqual([
      ["root", undefined, "cert_1"],
      ["root-2", "root", "cert_2"],
    ]);
  });

  it("has no activation for an organization where nothing is active, and says so", () => {
    const seen = observation([certificate("cert_1", "root", lasting)]);
    expect(run(seen).map(({ kind }) => kind)).toEqual(["Certificate"]);
    expect(programText(planAdoption(seen))).toContain(
      "// Nothing is active in the organization, so mTLS is not enforced",
    );
  });

  it("names a project whose set it does not know", () => {
    const seen = observation([certificate("cert_1", "root", lasting)], ["cert_1"], [project("proj_a", "A", undefined)]);
    expect(programText(planAdoption(seen))).toContain('// What is active in project proj_a "A" is not known');
  });

  it.each([
    ["without a name", null, () => lasting, /it has no name/],
    ["with an empty name", "  ", () => lasting, /it has no name/],
    ["with a name that is not Unicode", "a\ud800", () => lasting, /it has a name that is not valid Unicode/],
    ["that cannot be read", "broken", () => "hello", /it holds no PEM certificate/],
  ])("does not manage a certificate %s, for that would change it, but keeps it active", (_, name, content, reason) => {
    const seen = observation([certificate("cert_1", name, content())], ["cert_1"]);
    expect(run(seen)).toEqual([
      { kind: "CertificateActivation", logicalName: "organization", args: { certificateIds: ["cert_1"] } },
    ]);
    const files = projectFiles(planAdoption(seen));
    expect(files.get("index.ts")).toMatch(reason);
    expect(files.get("README.md")).toMatch(reason);
    // Whoever declares the whole folder of anchors must not upload it once more.
    const pems = [...files.keys()].filter((file) => file.endsWith(".pem"));
    expect(pems.filter((file) => !file.startsWith("left-alone/"))).toEqual([]);
  });

  it("declares the first certificate of a bundle, which is the one that the API uses", () => {
    const seen = observation([certificate("cert_1", "bundle", `${lasting}${other}`)]);
    expect(projectFiles(planAdoption(seen)).get("anchors/bundle.pem")).toBe(lasting);
    expect(run(seen)).toMatchObject([{ kind: "Certificate", args: { adopt: "cert_1", certificate: lasting } }]);
  });

  it("never writes a private key that was uploaded by mistake", async () => {
    const { key, certificate: pem } = await createAuthority();
    const files = projectFiles(planAdoption(observation([certificate("cert_1", "root", pem + key)], ["cert_1"])));
    expect([...files.values()].join()).not.toContain("PRIVATE KEY-----");
  });

  it.each(HOSTILE.map((name) => [name]))("declares %j as that name, and does nothing else", (name) => {
    declaresExactly(name);
  });

  it("declares any name as that name, and does nothing else", () => {
    fc.assert(fc.property(anyName, (name) => declaresExactly(name)));
  });

  function declaresExactly(name: string): void {
    const seen = observation([certificate("cert_1", name, lasting)], ["cert_1"], [project("proj_a", name, ["cert_1"])]);
    const [first, ...rest] = run(seen);
    const isManaged = name.trim() !== "" && !/\p{Cs}/u.test(name);
    if (isManaged) expect(first?.args["name"] ?? first?.logicalName).toBe(name);
    expect((isManaged ? rest : [first, ...rest]).map((one) => one?.kind)).toEqual([
      "CertificateActivation",
      "ProjectCertificateActivation",
    ]);
    for (const [file, content] of projectFiles(planAdoption(seen))) {
      expect(file).toMatch(/^(?:(?:anchors|left-alone)\/[A-Za-z0-9][\w.-]*\.pem|[A-Za-z.]+)$/);
      expect(ACTING.test(content)).toBe(false);
    }
  }
});

describe("the project", () => {
  it("has the PEM files, a package.json that names this release, and the address that was read", () => {
    const files = projectFiles(planAdoption(observation([certificate("cert_1", "root", `# ours\n${lasting}`)])));
    expect([...files.keys()].sort()).toEqual(
      [
        "README.md",
        "Pulumi.yaml",
        "anchors/root.pem",
        "index.ts",
        "package.json",
        "tsconfig.json",
        ".gitignore",
      ].sort(),
    );
    expect(parsePem(files.get("anchors/root.pem") ?? "")).toMatchObject({ certificate: { pem: lasting } });
    const { version } = require("../../../package.json") as { version: string };
    expect(JSON.parse(files.get("package.json") ?? "").dependencies).toMatchObject({
      "pulumi-openai-certificates": `^${version}`,
    });
    expect(files.get("Pulumi.yaml")).toContain('openai:baseUrl:\n    value: "https://api.openai.com/v1"');
  });

  it("shows a name in the README's table as it is, whatever Markdown would make of it", () => {
    const readme = projectFiles(planAdoption(observation([certificate("cert_1", "a | ``b`` [c](d)", lasting)]))).get(
      "README.md",
    );
    expect(readme).toContain("| ``` a \\| ``b`` [c](d) ``` | `cert_1` |");
  });
});

describe("names of files and resources", () => {
  const take = (...texts: string[]) => {
    const names = new Names();
    return texts.map((text) => names.take(text, "cert_1"));
  };

  it.each([
    ["corp-root-2026", "corp-root-2026"],
    ["Corp Root (2026)", "Corp-Root-2026"],
    ["../../etc/passwd", "etc-passwd"],
    ["Zürich Straße", "Zurich-Stra-e"],
    ["a..b", "a.b"],
    [".hidden", "hidden"],
    ["nul", "anchor-nul"],
    ["COM1.pem", "anchor-COM1.pem"],
    ["console", "console"],
    ["__proto__", "proto"],
    ["発行", "cert_1"],
    ["", "cert_1"],
    ["x".repeat(500), "x".repeat(60)],
  ])("%j becomes %s", (text, name) => {
    expect(take(text)).toEqual([name]);
  });

  it("differ from each other where upper and lower case are the same", () => {
    expect(take("root", "Root", "root-2", "ROOT")).toEqual(["root", "Root-2", "root-2-2", "ROOT-3"]);
  });

  it("are safe and different, whatever the texts are", () => {
    fc.assert(
      fc.property(fc.array(anyName, { minLength: 1, maxLength: 20 }), (texts) => {
        const names = take(...texts);
        expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(texts.length);
        for (const name of names) expect(name).toMatch(/^[A-Za-z0-9](?:[\w.-]{0,70}[A-Za-z0-9])?$/);
        expect(names.join().includes("..")).toBe(false);
      }),
    );
  });
});
