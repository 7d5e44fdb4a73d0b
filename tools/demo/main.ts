/** `npm run demo [-- --keep]`: the main job from beginning to end, on the real engine against the emulator. */
import { rmSync } from "node:fs";
import { parseArgs } from "node:util";
import type { RecordedRequest } from "pulumi-openai-certificates/emulator";
import { EngineError, ensureEngine } from "../engine";
import { type DemoAnchor, demoAnchors } from "./anchors";
import { countCalls, listCalls } from "./calls";
import { type Stage, setStage } from "./stage";

const print = (text: string) => process.stdout.write(`${text}\n`);
const onOutput = (text: string) => process.stdout.write(text);

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { keep: { type: "boolean", default: false } } });
  const engine = await ensureEngine();
  print(`Pulumi ${engine.version} (${engine.command})`);
  const stage = await setStage(engine);
  print(`Emulator of the admin API: ${stage.emulator.url}`);
  try {
    await play(stage, values.keep);
  } finally {
    await stage.emulator.close();
  }
}

async function play(stage: Stage, keep: boolean): Promise<void> {
  const began = Date.now();
  const anchors = demoAnchors(13);
  const next = anchors.pop();
  const [first, second, third] = anchors;
  if (next === undefined || first === undefined || second === undefined || third === undefined) {
    throw new Error("Node's list of trust anchors is too short for the demo");
  }
  stage.declare(anchors);
  await step(stage, "pulumi up: upload 12 real trust anchors and make them the active set", () => up(stage));
  await step(stage, "pulumi preview: nothing to do", () => expectNoDrift(stage));

  tamper(stage, first, second);
  await step(stage, "pulumi preview --refresh --expect-no-changes: the drift is found", () => expectDrift(stage));
  // A name is compared with state, so it takes a refresh to see one that was changed by hand.
  await step(stage, "pulumi up --refresh: the drift is repaired", () => stage.stack.up({ onOutput, refresh: true }));

  stage.declare(anchors.map((anchor) => (anchor === third ? { name: third.name, pem: next.pem } : anchor)));
  const rotation = await step(stage, `pulumi up: rotate ${third.name} (new certificate under the same name)`, () =>
    up(stage),
  );
  print(`The rotation's calls, in order: never a moment without one of the two\n${listCalls(rotation)}`);

  if (keep) {
    return waitForPlayer(stage);
  }
  stage.allowDestroy();
  await step(stage, "pulumi up: with deactivateOnDelete, which lets the destroy deactivate the set", () => up(stage));
  await step(stage, "pulumi destroy", () => stage.stack.destroy({ onOutput }));
  const left = stage.emulator.organization().certificates().length;
  if (left > 0) {
    throw new Error(`${left} certificates are left in the organization`);
  }
  await stage.stack.workspace.removeStack("demo");
  rmSync(stage.folder, { recursive: true, force: true });
  print(`\nNothing is left: no certificate, no active set, no stack. ${Math.round((Date.now() - began) / 1000)} s.`);
}

/** Runs one step and says in one line what it took. */
async function step(stage: Stage, title: string, run: () => Promise<unknown>): Promise<RecordedRequest[]> {
  print(`\n=== ${title}`);
  stage.requests();
  await run();
  const requests = stage.requests();
  print(`--- ${title.replace(/:.*/, "")}: ${countCalls(requests)}`);
  return requests;
}

const up = (stage: Stage) => stage.stack.up({ onOutput });

async function expectNoDrift(stage: Stage): Promise<void> {
  await stage.stack.preview({ onOutput, refresh: true, expectNoChanges: true });
}

async function expectDrift(stage: Stage): Promise<void> {
  try {
    await expectNoDrift(stage);
  } catch (error) {
    const code = /exit code (\d+)/.exec((error as Error).message)?.[1];
    if (code !== "7") {
      throw error;
    }
    print("pulumi exits with code 7: drift");
    return;
  }
  throw new Error("the drift was not found");
}

/** What somebody with dashboard access might do. */
function tamper(stage: Stage, first: DemoAnchor, second: DemoAnchor): void {
  const organization = stage.emulator.organization();
  const id = (anchor: DemoAnchor) => organization.certificates().find(({ name }) => name === anchor.name)?.id ?? "";
  organization.deactivate([id(first)]);
  organization.rename(id(second), "renamed-by-hand");
  print(`\n*** Behind our back: ${first.name} is deactivated and ${second.name} is renamed`);
}

/** `--keep`: everything stays until Ctrl-C. */
async function waitForPlayer({ env, emulator, folder }: Stage): Promise<void> {
  const names = ["PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "OPENAI_ADMIN_KEY", "OPENAI_BASE_URL", "PATH"];
  print(`\nEmulator and stack are left for you until Ctrl-C. In another terminal:\n`);
  print(names.map((name) => `export ${name}='${env[name] ?? ""}'`).join("\n"));
  print(`cd '${folder}'\n`);
  print("pulumi stack --stack demo             # what the stack holds");
  print(`curl -s -H "Authorization: Bearer $OPENAI_ADMIN_KEY" '${emulator.url}/organization/certificates?limit=100'`);
  print("pulumi refresh --stack demo --yes     # take over what you changed by hand");
  print("rm -rf .                              # clean up: the organization is gone with the emulator");
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof EngineError ? error.message : (error as Error).stack}\n`);
  process.exitCode = 1;
});
