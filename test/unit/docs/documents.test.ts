import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import type { Command } from "../../../cli/command";
import { resolveSettings } from "../../../provider/settings";
import { brokenLinks, codeBlocks, documents, ROOT, readDocument } from "../../support/documents";
import { typeProblems } from "../../support/typeProblems";

const all = documents();
/** What the program is, by its main file; a program in YAML is Pulumi.yaml itself. */
const PROGRAMS = new Map([
  ["main.go", "go"],
  ["__main__.py", "python"],
  ["tsconfig.json", "nodejs"],
]);
const EXAMPLES = readdirSync(path.join(ROOT, "examples")).filter((name) =>
  existsSync(path.join(ROOT, "examples", name, "Pulumi.yaml")),
);
const own = all.filter((file) => file.startsWith("docs/") && !/^docs\/(benchmark|scaling)/.test(file));

describe("the documentation", () => {
  it("leads from quickstart to troubleshooting in this order, and to every page of it", () => {
    const index = readDocument("docs/README.md");
    const order = ["quickstart.md", "concepts.md", "guides/", "reference/README.md", "troubleshooting.md"];
    const places = order.map((page) => index.indexOf(`](${page}`));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(own.filter((file) => file !== "docs/README.md" && !index.includes(path.relative("docs", file)))).toEqual([]);
  });

  it.each(all)("%s: every link leads to a file, and to a heading where it names one", (file) => {
    expect(brokenLinks(file)).toEqual([]);
  });

  it("shows programs that type-check against the package", () => {
    const shown = [...own, "examples/policy/README.md"].flatMap((file) =>
      codeBlocks(file, "ts").map((block, index) => [`${file.replace(/\W/g, "_")}_${index}.ts`, block] as const),
    );
    expect(shown.length).toBeGreaterThan(4);
    expect(typeProblems(new Map(shown))).toEqual([]);
  });

  it("names commands and options of openai-certificates that there are", () => {
    const files = readdirSync(path.join(ROOT, "cli")).filter((file) =>
      /^(adopt|emulator|probe|report)\.ts$/.test(file),
    );
    const commands = files.map((file) => (require(path.join(ROOT, "cli", file)) as { command: Command }).command);
    const usages = new Map(commands.map(({ name, usage }) => [name, usage]));
    const shown = own.flatMap((file) => [
      ...readDocument(file).matchAll(/openai-certificates (\w+)((?: --?[\w-]+[^\n`&]*)?)/g),
    ]);
    const named = shown.filter(([, name = ""]) => usages.has(name) || /^(npx|--)/.test(name));
    expect(named.length).toBeGreaterThan(5);
    for (const [, name = "", options = ""] of named) {
      for (const [option] of options.matchAll(/--[\w-]+/g)) {
        expect(`${name} ${usages.get(name)}`).toContain(option);
      }
    }
  });

  it("never runs the command by a form of npx that would fetch a stranger's package of that name", () => {
    // Where the package is not installed, npx looks the name of the command up in the registry; `--no` forbids it.
    const bare = ["grep", "--no-index", "--exclude-standard", "-nE", "npx( -y| --yes)* openai-[c]ertificates"];
    expect(spawnSync("git", bare, { cwd: ROOT, encoding: "utf8" })).toMatchObject({ status: 1, stdout: "" });
  });

  it("names configuration keys that there are", () => {
    const known = [
      "adminKey",
      "baseUrl",
      "clientCertificate",
      "clientKey",
      "timeoutSeconds",
      "maxRetries",
      "auditLog",
      "organizations",
    ];
    const asked = new Set<string>();
    resolveSettings((key) => void asked.add(key), {});
    expect([...asked].sort()).toEqual(known.map((key) => `openai:${key}`).sort());
    const named = own.flatMap((file) =>
      [...readDocument(file).matchAll(/(?<!dynamic\/)openai:(?!index:)(\w+)/g)].map(([, key = ""]) => key),
    );
    expect([...new Set(named)].filter((key) => !known.includes(key))).toEqual([]);
  });

  it.each(EXAMPLES)("%s: the project runs the language that its program is written in", (example) => {
    const files = readdirSync(path.join(ROOT, "examples", example));
    const { runtime } = parse(readDocument(`examples/${example}/Pulumi.yaml`)) as {
      runtime: string | { name: string };
    };
    const written = [...PROGRAMS].find(([file]) => files.includes(file))?.[1];
    expect(typeof runtime === "string" ? runtime : runtime.name).toBe(written ?? "yaml");
  });

  it("names npm scripts that there are", () => {
    const { scripts } = require("../../../package.json") as { scripts: Record<string, string> };
    const named = own.flatMap((file) =>
      [...readDocument(file).matchAll(/npm run ([\w:-]+)/g)].map(([, name = ""]) => name),
    );
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});
