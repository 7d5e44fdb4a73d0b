import path from "node:path";
import type { StartUp } from "../results";
import { run } from "./run";

const REPOSITORY = path.resolve(__dirname, "../..");
const ENTRIES = ["pulumi-openai-certificates", "pulumi-openai-certificates/provider"];

/** The median time to import each entry of the package where `@pulumi/pulumi` is loaded already, alternating between them. */
export async function measureStartUp(times: number): Promise<StartUp[]> {
  const measured = new Map<string, number[]>(ENTRIES.map((entry) => [entry, []]));
  for (let time = 0; time < times; time++) {
    for (const entry of ENTRIES) {
      measured.get(entry)?.push(await importMs(entry));
    }
  }
  return ENTRIES.map((entry) => ({ entry, ms: median(measured.get(entry) ?? []) }));
}

async function importMs(entry: string): Promise<number> {
  const script = `
    require("@pulumi/pulumi");
    const began = performance.now();
    require(${JSON.stringify(entry)});
    process.stdout.write(String(performance.now() - began));
  `;
  const { code, stdout, stderr } = await run(process.execPath, ["-e", script], {
    cwd: REPOSITORY,
    env: process.env,
    watched: /^$/,
  });
  if (code !== 0) {
    throw new Error(`importing ${entry} failed:\n${stderr}`);
  }
  return Number(Number(stdout).toFixed(1));
}

export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
