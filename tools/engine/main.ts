import { EngineError, ensureEngine } from "./index";

/** `npm run engine [-- --json]`: the CLI's path, or the whole Engine as JSON, on standard output; progress on standard error. */
async function main(args: readonly string[]): Promise<void> {
  const unknown = args.find((arg) => arg !== "--json");
  if (unknown !== undefined) {
    throw new EngineError(`Unknown argument ${JSON.stringify(unknown)}. Usage: npm run engine [-- --json]`);
  }
  const engine = await ensureEngine();
  process.stdout.write(`${args.includes("--json") ? JSON.stringify(engine) : engine.command}\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof EngineError ? error.message : (error as Error).stack}\n`);
  process.exitCode = 1;
});
