const { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const path = require("node:path");

const FILES = ["operate", "engine", "native", "program", "pulumiHost", "runExample", "sparing", "sparingSdk"];
/** Below node_modules, so that what these files require is found, and nothing lints or packs them. */
const FOLDER = path.resolve(__dirname, "../../node_modules/.cache/openai-certificates-tests");

/**
 * Compiles what runs once an operation of the engine. There are hundreds of them, and compiling on the fly would take
 * longer than all else that the process loads.
 */
function compile() {
  const ts = require("typescript");
  mkdirSync(FOLDER, { recursive: true });
  const fresh = mkdtempSync(path.join(FOLDER, "fresh-"));
  for (const name of FILES) {
    const source = readFileSync(path.join(__dirname, `${name}.ts`), "utf8");
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
    });
    writeFileSync(path.join(fresh, `${name}.js`), outputText);
    // In one step, so that a run beside this one never sees half of a file.
    renameSync(path.join(fresh, `${name}.js`), path.join(FOLDER, `${name}.js`));
  }
  rmSync(fresh, { recursive: true });
}

/** Where one of them is. */
const compiled = (name) => path.join(FOLDER, `${name}.js`);

/** Has every Node process below load half of the Pulumi SDK: the program's, and the provider's, which the engine starts. */
const sparing = () => ({ NODE_OPTIONS: `--require ${JSON.stringify(compiled("sparingSdk"))}` });

module.exports = { compile, compiled, sparing };
