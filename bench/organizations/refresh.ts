/**
 * A provider process that refreshes the certificates and the active sets of many organizations, without an engine: reads
 * an {@link EstateState} from standard input, writes a {@link RefreshReport} to standard output.
 */
import { text } from "node:stream/consumers";
// What the provider process of the engine has in memory before any provider is called.
import "@pulumi/pulumi";
import { certificate, certificateActivation, configure } from "../../provider";
import { realAnchors } from "../../test/support/anchors";

export interface EstateState {
  readonly baseUrl: string;
  /** By organization. */
  readonly adminKey: Readonly<Record<string, string>>;
  /** The certificates of each organization. */
  readonly ids: Readonly<Record<string, readonly string[]>>;
}

export interface RefreshReport {
  /** Resources that were read, and found as state has them. */
  readonly resources: number;
  /** From the first read to the last. */
  readonly ms: number;
  /** The most that the process ever had resident. */
  readonly memoryBytes: number;
  /** The same before the first read. */
  readonly baseBytes: number;
}

/** Reads under way at once: about what the engine does on a machine with eight cores. */
const WIDTH = 32;

async function main(): Promise<void> {
  const state = JSON.parse(await text(process.stdin)) as EstateState;
  const organizations = Object.fromEntries(
    Object.entries(state.adminKey).map(([name, adminKey]) => [name, { adminKey }]),
  );
  const config: Record<string, unknown> = { "openai:baseUrl": state.baseUrl, "openai:organizations": organizations };
  configure({ config: { get: (key) => config[key] } });
  const reads = readsOf(state);
  const resources = reads.length;
  const baseBytes = peakBytes();
  const began = performance.now();
  await Promise.all(Array.from({ length: WIDTH }, () => work(reads)));
  const ms = Math.round(performance.now() - began);
  const report: RefreshReport = { resources, ms, memoryBytes: peakBytes(), baseBytes };
  process.stdout.write(JSON.stringify(report));
}

function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}

type Read = () => Promise<void>;

/** One read a resource, in the order in which a program that loops over its organizations declares them. */
function readsOf(state: EstateState): Read[] {
  const pems = realAnchors(Math.max(...Object.values(state.ids).map((ids) => ids.length)));
  return Object.entries(state.ids).flatMap(([organization, ids]) => {
    const set = { organization, certificateIds: [...ids].sort() };
    return [
      ...ids.map((id, index) => async () => {
        const props = { organization, name: `root-${index}`, certificate: pems[index] };
        expectSame(props, (await certificate.read(id, props)).inputs);
      }),
      async () => expectSame(set, (await certificateActivation.read("organization", set)).inputs),
    ];
  });
}

async function work(reads: Read[]): Promise<void> {
  for (let read = reads.shift(); read !== undefined; read = reads.shift()) {
    await read();
  }
}

function expectSame(state: object, read: Record<string, unknown> | undefined): void {
  const drift = Object.entries(state).filter(([name, value]) => JSON.stringify(read?.[name]) !== JSON.stringify(value));
  if (drift.length > 0) {
    throw new Error(`read ${drift.map(([name]) => name).join(", ")} otherwise than it is in state`);
  }
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
