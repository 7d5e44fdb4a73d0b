import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

const ROOT = path.resolve(__dirname, "../../..");
const readme = readFileSync(path.join(ROOT, "README.md"), "utf8");

describe("README", () => {
  const [, program = ""] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];

  it("shows a program of at most 15 lines that type-checks against the package", () => {
    expect(program.trim().split("\n").length).toBeLessThanOrEqual(15);
    const file = path.join(ROOT, "examples", "readme.ts");
    const options: ts.CompilerOptions = {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.Node16,
      moduleResolution: ts.ModuleResolutionKind.Node16,
      strict: true,
      skipLibCheck: true,
      noEmit: true,
      types: ["node"],
    };
    const host = ts.createCompilerHost(options);
    const { getSourceFile, fileExists, readFile } = host;
    host.getSourceFile = (name, ...rest) =>
      name === file ? ts.createSourceFile(name, program, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest);
    host.fileExists = (name) => name === file || fileExists(name);
    host.readFile = (name) => (name === file ? program : readFile(name));
    const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram([file], options, host));
    expect(diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))).toEqual([]);
  });

  it("names only npm scripts that exist", () => {
    const { scripts } = require("../../../package.json") as { scripts: Record<string, string> };
    const named = [...readme.matchAll(/npm run ([a-z:-]+)/g)].map(([, name]) => name ?? "");
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it.each([...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, link]) => [link ?? ""]))(
    "links to %s, which exists",
    (link) => {
      expect(() => readFileSync(path.join(ROOT, link))).not.toThrow();
    },
  );
});
