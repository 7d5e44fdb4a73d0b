import { type Emulator, startEmulator } from "../../emulator";
import { realAnchors } from "../support/anchors";
import { Gate } from "../support/gate";
import type { Declared } from "../support/program";
import { mustSucceed, TestStack } from "../support/stack";
import { TRANSPORTS } from "../support/transports";

const KEY = "sk-admin-local-writers";
const anchors = realAnchors(8);

/** Some of the anchors, named after the stack that declares them, and one activation of these. */
function set(name: string, from: number, to: number, exclusive: boolean): Declared {
  const entries = anchors.slice(from, to).map((certificate, index) => [`${name}-${index}`, { certificate }] as const);
  return {
    certificates: Object.fromEntries(entries),
    activations: { org: { certificateIds: entries.map(([key]) => `@${key}`), exclusive } },
  };
}

describe.each(TRANSPORTS)("two writers of one active set (%s)", (transport) => {
  let emulator: Emulator;
  let gate: Gate;
  let north: TestStack;
  let south: TestStack;
  beforeEach(async () => {
    emulator = await startEmulator({ adminKey: KEY });
    gate = await Gate.before(emulator.url);
    const options = { transport, env: { OPENAI_ADMIN_KEY: KEY, OPENAI_BASE_URL: gate.url } };
    [north, south] = [new TestStack(options), new TestStack(options)];
  });
  afterEach(async () => {
    north.remove();
    south.remove();
    await gate.close();
    await emulator.close();
  });

  const active = () =>
    emulator
      .organization()
      .certificates()
      .flatMap((one) => (one.active ? [one.name] : []))
      .sort();
  const toggles = () => emulator.requests.filter(({ path }) => path.endsWith("activate")).map(({ path }) => path);
  const names = (name: string, count: number) => Array.from({ length: count }, (_, index) => `${name}-${index}`);

  /** Both stacks at once: neither toggles before both have looked. */
  async function atOnce(one: Declared, other: Declared): Promise<void> {
    gate.holdUntil(2, "POST", /\/activate$/);
    (await Promise.all([north.up(one), south.up(other)])).forEach(mustSucceed);
  }

  it("stay additive where both are: both sets are active, and nothing is ever deactivated", async () => {
    const [ours, theirs] = [set("north", 0, 3, false), set("south", 3, 6, false)];
    await atOnce(ours, theirs);
    expect(active()).toEqual([...names("north", 3), ...names("south", 3)]);
    mustSucceed(await north.up(ours, { expectNoChanges: true }));
    mustSucceed(await south.up(theirs, { expectNoChanges: true }));
    expect(toggles().filter((path) => path.endsWith("deactivate"))).toEqual([]);
  });

  it("converge where both are exclusive, say whose anchors they end, and name what a person activated in the middle of a run", async () => {
    await atOnce(set("north", 0, 3, true), set("south", 3, 6, true));
    expect(active()).toEqual([...names("north", 3), ...names("south", 3)]);

    const next = await north.up(set("north", 0, 3, true));
    mustSucceed(next);
    const ended = next.output.matchAll(
      /- deactivate cert_\w+ "(south-\d)" \(.*\), which this activation did not list$/gm,
    );
    expect([...new Set([...ended].map(([, name]) => name))].sort()).toEqual(names("south", 3));
    expect(active()).toEqual(names("north", 3));

    const person = emulator.organization();
    const foreign = person.upload({ name: "foreign", certificate: anchors[7] ?? "" });
    emulator.faults.add({
      kind: "body",
      match: { method: "POST", path: "/organization/certificates" },
      change: (body) => {
        person.activate([foreign]);
        return body;
      },
    });
    const overtaken = await north.up({
      ...set("north", 0, 3, true),
      certificates: { ...set("north", 0, 3, true).certificates, "north-3": { certificate: anchors[6] ?? "" } },
      activations: { org: { certificateIds: ["@north-0", "@north-1", "@north-2", "@north-3"] } },
    });
    mustSucceed(overtaken);
    expect(overtaken.output).toMatch(
      new RegExp(`- deactivate ${foreign} "foreign" \\(expires .*\\), which this activation did not list`),
    );
    expect(active()).toEqual(names("north", 4));
  });
});
