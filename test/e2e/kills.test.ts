import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { Random } from "../support/harness/random";
import { killAt, pointOfDestroy, pointOfUp } from "../support/killer";
import { lanes } from "../support/lanes";
import { descendants, readProc } from "../support/processes";
import { ALL_TWELVE, lossesOf, SITE_KEY, Site, TWELVE, twelve } from "../support/site";
import { mustSucceed } from "../support/stack";
import { TRANSPORTS } from "../support/transports";

const CLI = path.resolve(__dirname, "../../dist/cli/index.js");
const inLane = lanes(3);
/** They are all begun at once and wait for their turns. */
jest.setTimeout(5 * 60 * 1000);
const figures = { kills: 0, orphans: 0, adopted: 0, named: 0, duplicatesWithAdopt: 0, losses: 0 };

describe("a run that is killed at any point is repaired by the next up", () => {
  it.concurrent.each([
    ["dynamic", 11],
    ["dynamic", 12],
    ["native", 13],
    ["native", 14],
  ] as const)("with adopt: true no orphan remains (%s, seed %d)", (transport, seed) =>
    inLane(() => Site.during(transport, {}, (site) => live(site, new Random(seed), true))),
  );

  it.concurrent.each([
    ["dynamic", 21],
    ["dynamic", 22],
    ["native", 23],
    ["native", 24],
  ] as const)("without adopt every orphan is named, and how to proceed (%s, seed %d)", (transport, seed) =>
    inLane(() =>
      Site.during(transport, {}, async (site) => {
        await live(site, new Random(seed), false);
        const { orphans } = site.tally();
        const twice = new Set(
          site.certificates().flatMap(({ id, fingerprint }) => (orphans.includes(id) ? fingerprint : [])),
        );
        expect(await duplicatesReported(site)).toBe(twice.size);
      }),
    ),
  );

  it.concurrent("a kill leaves a lock, which pulumi cancel ends, and notes of creates, which a refresh can clear", () =>
    inLane(() =>
      Site.during("dynamic", {}, async (site) => {
        const { stack } = site;
        await killAt(site, 1 + 5, new Random(1), () => stack.up(twelve()));
        const locked = await stack.up(twelve());
        expect(locked.exitCode).not.toBe(0);
        expect(`${locked.error}${locked.output}`).toMatch(
          /the stack is currently locked by 1 lock\(s\).*`pulumi cancel`/,
        );
        const freed = await stack.up(twelve({ adopt: true }), { cancelFirst: true });
        mustSucceed(freed);
        expect(freed.output).toMatch(/warning: Attempting to deploy or update resources with \d+ pending operations/);
        expect(site.tally()).toEqual(ALL_TWELVE);
        expect(stack.saved().pending.map(({ type }) => type)).toContain("creating");
        mustSucceed(await stack.refresh({ clearPendingCreates: true }));
        expect(stack.saved().pending).toEqual([]);
        expect(site.tally()).toEqual(ALL_TWELVE);
      }),
    ));

  it.concurrent.each(TRANSPORTS)("so is one whose provider process alone is killed (%s)", (transport) =>
    inLane(() =>
      Site.during(transport, {}, async (site) => {
        const { stack, emulator } = site;
        emulator.faults.add({
          kind: "body",
          match: { method: "POST", path: "/organization/certificates", skip: 5 },
          change: (body) => {
            process.kill(providerOf(stack.running?.pid as number), "SIGKILL");
            return body;
          },
        });
        expect(await stack.up(twelve())).toMatchObject({ exitCode: 1 });
        mustSucceed(await stack.up(twelve({ adopt: true })));
        expect(site.tally()).toEqual(ALL_TWELVE);
      }),
    ),
  );

  afterAll(() => {
    const { kills, orphans, adopted, named, duplicatesWithAdopt, losses } = figures;
    process.stdout.write(
      `kills: ${kills} kills, ${orphans} orphans (${adopted} adopted, ${named} named), ` +
        `${duplicatesWithAdopt} duplicates with adopt, ${losses} losses\n`,
    );
    // Where no kill has left one behind, nothing was tested.
    expect(orphans).toBeGreaterThanOrEqual(Math.min(kills, 1));
  });
});

/** Killed and repaired while it is made, and while it is taken down and made again. */
async function live(site: Site, chance: Random, adopts: boolean): Promise<void> {
  await repair(site, chance, adopts);
  await killAt(site, pointOfDestroy(site, chance), chance, () => site.stack.destroy());
  figures.kills++;
  await repair(site, chance, adopts);
}

/** An `up` that is killed, and the one after it. */
async function repair(site: Site, chance: Random, adopts: boolean): Promise<void> {
  const { stack } = site;
  const program = twelve(adopts ? { adopt: true } : {});
  const before = site.tally().orphans;
  await killAt(site, pointOfUp(site, chance, adopts), chance, () => stack.up(program, { cancelFirst: true }));
  figures.kills++;
  const orphans = site.tally().orphans.filter((id) => !before.includes(id));
  figures.orphans += orphans.length;

  const repaired = await stack.up(program, { cancelFirst: true });
  const tally = site.tally();
  figures.losses += lossesOf(tally);
  mustSucceed(repaired);
  if (adopts) {
    figures.duplicatesWithAdopt += tally.duplicates;
    figures.adopted += orphans.filter((id) => !tally.orphans.includes(id)).length;
    expect(tally).toEqual(ALL_TWELVE);
    return;
  }
  const unnamed = orphans.filter((id) => !adviceFor(id).test(repaired.output));
  figures.named += orphans.length - unnamed.length;
  expect({ unnamed, output: repaired.output }).toMatchObject({ unnamed: [] });
  const { live, active, lost, activationFits } = tally;
  expect({ held: live - tally.orphans.length, active, lost, activationFits }).toEqual({
    held: TWELVE,
    active: TWELVE,
    lost: [],
    activationFits: true,
  });
}

function adviceFor(id: string): RegExp {
  return new RegExp(
    `${id} "root-\\d+" \\(uploaded .*\\) holds the same certificate as "root-\\d+", which is to be uploaded\\. .* take it over with adopt: true \\(or adopt: "${id}"\\), or delete it`,
  );
}

/** The process that serves the resources, below an operation's. */
function providerOf(operation: number): number {
  const isProvider = (pid: number) => /resource-openai-certificates|dynamic-provider/.test(readProc(`${pid}/cmdline`));
  const found = descendants(operation).filter(isProvider);
  expect(found).not.toEqual([]);
  return found.at(-1) as number;
}

/** How many certificates `report` finds to be there more than once. */
async function duplicatesReported({ emulator }: Site): Promise<number> {
  const env = { ...process.env, OPENAI_ADMIN_KEY: SITE_KEY, OPENAI_BASE_URL: emulator.url };
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, "report", "--json"], { env });
  const { findings } = JSON.parse(stdout) as { findings: { code: string }[] };
  return findings.filter(({ code }) => code === "duplicate").length;
}
