import { startEmulator } from "../../emulator";
import { realAnchors } from "../../test/support/anchors";
import type { Engine } from "../../tools/engine";
import { median } from "../measure/startUp";
import { type Growth, MOST_CERTIFICATES } from "../results";
import { BenchStack, PROGRAMS } from "../subjects/pulumi";
import { Estate } from "./estate";

/** Refreshes of so many organizations by the provider's functions; each the median of three, in processes of their own. */
export async function growthByFunctions(sizes: readonly number[]): Promise<Growth[]> {
  const growth: Growth[] = [];
  for (const organizations of sizes) {
    const estate = await Estate.start(organizations);
    try {
      const runs = [await estate.refresh(), await estate.refresh(), await estate.refresh()];
      growth.push({
        by: "functions",
        organizations,
        calls: median(runs.map(({ calls }) => calls)),
        ms: median(runs.map(({ ms }) => ms)),
        memoryBytes: Math.max(...runs.map(({ memoryBytes }) => memoryBytes)),
        baseBytes: Math.max(...runs.map(({ baseBytes }) => baseBytes)),
      });
    } finally {
      await estate.close();
    }
  }
  return growth;
}

/** `pulumi up` and `pulumi refresh` of one stack with so many organizations. */
export async function growthByEngine(engine: Engine, sizes: readonly number[]): Promise<Growth[]> {
  const growth: Growth[] = [];
  for (const organizations of sizes) {
    growth.push(await refreshByEngine(engine, organizations));
  }
  return growth;
}

async function refreshByEngine(engine: Engine, organizations: number): Promise<Growth> {
  const names = Array.from({ length: organizations }, (_, index) => `org-${index}`);
  const adminKey = Object.fromEntries(names.map((name) => [name, `sk-admin-${name}`]));
  const emulator = await startEmulator({ adminKey });
  const anchors = realAnchors(MOST_CERTIFICATES).map((certificate, index) => [`root-${index}`, certificate] as const);
  const certificates = Object.fromEntries(anchors);
  const settings = Object.fromEntries(names.map((name) => [name, { adminKey: adminKey[name] }]));
  const stack = new BenchStack(engine, {
    program: PROGRAMS.package,
    env: { OPENAI_BASE_URL: emulator.url },
    config: { "openai:organizations": { value: JSON.stringify(settings), secret: true } },
  });
  try {
    const created = await stack.operate(
      "up",
      names.map((organization) => ({ organization, certificates })),
    );
    emulator.requests.length = 0;
    const timed = await stack.operate("refresh", []);
    return { by: "engine", organizations, calls: emulator.requests.length, createMs: created.ms, ...timed };
  } finally {
    stack.remove();
    await emulator.close();
  }
}
