/**
 * Writes the fixture of a release: `npx tsx test/support/fixture.ts`. It holds what the release leaves behind at its users': the
 * state of a stack, the program that made it, and the organization (a file of the emulator). Later releases have to work
 * with it, so a fixture is written once, when its release is made, and never changed afterwards.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createAuthority, startEmulator } from "../../emulator";
import { version } from "../../package.json";
import { ensureEngine } from "../../tools/engine";
import { compile } from "./compile";
import type { Declared } from "./program";
import { TestStack } from "./stack";

const FOLDER = path.resolve(__dirname, "../fixtures", `release-${version}`);
const KEY = "sk-admin-local-fixture";
const PROJECT = { id: "proj_pilot", name: "Pilot" };

async function main(): Promise<void> {
  compile();
  process.env["PULUMI_TEST_ENGINE"] = JSON.stringify(await ensureEngine());
  const work = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-fixture-"));
  const stateFile = path.join(work, "organization.json");
  const emulator = await startEmulator({ adminKey: KEY, stateFile, projects: [PROJECT] });
  const stack = new TestStack({ env: { OPENAI_ADMIN_KEY: KEY, OPENAI_BASE_URL: emulator.url } });
  try {
    const declared = await program();
    const { exitCode, output } = await stack.up(declared);
    if (exitCode !== 0) {
      throw new Error(output);
    }
    mkdirSync(FOLDER, { recursive: true });
    write("program.json", declared);
    write("state.json", withoutSources(await stack.export()));
    cpSync(stateFile, path.join(FOLDER, "organization.json"));
  } finally {
    stack.remove();
    await emulator.close();
    rmSync(work, { recursive: true, force: true });
  }
}

/** One resource of each type, and of each way to declare it. */
async function program(): Promise<Declared> {
  // Valid for as long as a certificate's date has two digits for the year.
  const pems: string[] = [];
  for (const commonName of ["Fixture Root A", "Fixture Root B", "Fixture Root C", "Fixture Root D"]) {
    pems.push((await createAuthority({ commonName, notAfter: new Date("2049-12-31T00:00:00Z") })).certificate);
  }
  const [a = "", b = "", c = "", d = ""] = pems;
  return {
    certificates: {
      "root-a": { certificate: a },
      "root-b": { certificate: b, name: "Root B" },
      spare: { certificate: c, celFilter: { expression: 'subject.organization == "Fixture"' } },
    },
    activations: { org: { certificateIds: ["@root-a", "@root-b"] } },
    trustAnchors: { pilot: { anchors: { "root-d": d }, projectIds: [PROJECT.id], exclusive: false } },
  };
}

/** Where the program stood on the machine that wrote the fixture says nothing to later releases. */
function withoutSources(state: unknown): unknown {
  const leftOut = ["sourcePosition", "stackTrace"];
  return JSON.parse(JSON.stringify(state, (key, value: unknown) => (leftOut.includes(key) ? undefined : value)));
}

function write(file: string, content: unknown): void {
  writeFileSync(path.join(FOLDER, file), `${JSON.stringify(content, null, 2)}\n`);
}

void main();
