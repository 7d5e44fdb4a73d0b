import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { generateSdk } from "../../tools/plugin/sdks";

const MODULES = path.resolve(__dirname, "../../node_modules");

/** Puts the SDK that Pulumi generates for TypeScript into a project, as `pulumi package add` and `npm install` do. */
export async function installTypeScriptSdk(project: string): Promise<void> {
  const sdk = path.join(project, "sdks", "openai-certificates");
  await generateSdk("nodejs", sdk);
  compile(sdk);
  const modules = path.join(project, "node_modules");
  for (const [name, target] of [
    ["@pulumi/pulumi", path.join(MODULES, "@pulumi/pulumi")],
    ["@types/node", path.join(MODULES, "@types/node")],
    ["pulumi-openai-certificates-native", sdk],
  ] as const) {
    mkdirSync(path.dirname(path.join(modules, name)), { recursive: true });
    symlinkSync(target, path.join(modules, name));
  }
}

/** Into `bin`, with the module kind that the SDK loads its parts by on demand. Types are checked where they are used. */
function compile(sdk: string): void {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS };
  for (const file of readdirSync(sdk, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"))) {
    const { outputText } = ts.transpileModule(readFileSync(path.join(sdk, file), "utf8"), { compilerOptions });
    const to = path.join(sdk, "bin", file.replace(/ts$/, "js"));
    mkdirSync(path.dirname(to), { recursive: true });
    writeFileSync(to, outputText);
  }
  const manifest = JSON.parse(readFileSync(path.join(sdk, "package.json"), "utf8")) as object;
  const entry = JSON.stringify({ ...manifest, main: "bin/index.js", types: "index.ts" });
  writeFileSync(path.join(sdk, "package.json"), entry);
  writeFileSync(path.join(sdk, "bin", "package.json"), entry);
}

/** What the compiler says of a project's own files; the generated SDK may need a newer SDK of Pulumi than this repository has. */
export function typeProblems(project: string): string[] {
  const { config } = ts.readConfigFile(path.join(project, "tsconfig.json"), ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, project);
  const program = ts.createProgram(fileNames, { ...options, noEmit: true });
  const own = program.getSourceFiles().filter(({ fileName }) => path.dirname(fileName) === project);
  return own
    .flatMap((file) => ts.getPreEmitDiagnostics(program, file))
    .map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
}
