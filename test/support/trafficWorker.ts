/** The process behind {@link Traffic}: does what it is told over IPC, and answers each command with one message. */
import { performance } from "node:perf_hooks";
import { Agent, request } from "undici";

export interface Load {
  readonly url: string;
  readonly ca: string;
  readonly perSecond: number;
  readonly clients: Readonly<Record<string, { readonly chain: string; readonly key: string }>>;
}

export type Command =
  | { readonly kind: "start"; readonly load: Load }
  | { readonly kind: "counts" }
  | { readonly kind: "retire"; readonly name: string }
  | { readonly kind: "stop"; readonly least: number };

/** Requests of one client: answered with 200, refused with a code, or without any answer; and on how many connections. */
export interface Count {
  ok: number;
  refused: number;
  lost: number;
  connections: number;
  /** How often each error code came. */
  codes: Record<string, number>;
}

export type Counts = Record<string, Count>;

/** Every so many requests, a client opens a connection for that request alone. */
const FRESH = 25;
const KEPT = 3;
const UNDER_WAY = 12;
const TICK_MS = 5;

class Workload {
  count = nothing();
  underWay = 0;
  retired = false;
  total = 0;
  private readonly kept: Agent;

  constructor(
    private readonly load: Load,
    private readonly identity: Load["clients"][string],
  ) {
    this.kept = this.agent(KEPT);
  }

  async send(): Promise<void> {
    this.total++;
    this.underWay++;
    const dispatcher = this.total % FRESH === 0 ? this.agent(1) : this.kept;
    try {
      const headers = { authorization: "Bearer sk-workload" };
      const { statusCode, body } = await request(`${this.load.url}/models`, { dispatcher, headers });
      const { error } = (await body.json()) as { error?: { code: string } };
      if (statusCode === 200) {
        this.count.ok++;
      } else {
        this.count.refused++;
        const code = error?.code ?? String(statusCode);
        this.count.codes[code] = (this.count.codes[code] ?? 0) + 1;
      }
    } catch (error) {
      this.count.lost++;
      const { code = "unknown" } = error as { code?: string };
      this.count.codes[code] = (this.count.codes[code] ?? 0) + 1;
    } finally {
      this.underWay--;
      if (dispatcher !== this.kept) {
        await dispatcher.close();
      }
    }
  }

  take(): Count {
    const { count } = this;
    this.count = nothing();
    return count;
  }

  close(): Promise<void> {
    return this.kept.close();
  }

  private agent(connections: number): Agent {
    const { chain, key } = this.identity;
    const agent = new Agent({ connections, connect: { ca: this.load.ca, cert: chain, key } });
    return agent.on("connect", () => {
      this.count.connections++;
    });
  }
}

function nothing(): Count {
  return { ok: 0, refused: 0, lost: 0, connections: 0, codes: {} };
}

class Sender {
  private readonly workloads: ReadonlyMap<string, Workload>;
  private readonly began = performance.now();
  private readonly waiting = new Set<{ readonly isSo: () => boolean; readonly resolve: () => void }>();
  private readonly timer = setInterval(() => this.tick(), TICK_MS);
  private turn = 0;

  constructor(private readonly load: Load) {
    this.workloads = new Map(
      Object.entries(load.clients).map(([name, identity]) => [name, new Workload(load, identity)]),
    );
  }

  get seconds(): number {
    return (performance.now() - this.began) / 1000;
  }

  get requests(): number {
    return [...this.workloads.values()].reduce((sum, { total, underWay }) => sum + total - underWay, 0);
  }

  /** Resolves at the first tick at which something is so. */
  when(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => this.waiting.add({ isSo, resolve }));
  }

  workload(name: string): Workload {
    const found = this.workloads.get(name);
    if (found === undefined) {
      throw new Error(`no workload "${name}"`);
    }
    return found;
  }

  counts(): Counts {
    return Object.fromEntries([...this.workloads].map(([name, workload]) => [name, workload.take()]));
  }

  everybody(isSo: (workload: Workload) => boolean): boolean {
    return [...this.workloads.values()].every(isSo);
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all([...this.workloads.values()].map((workload) => workload.close()));
  }

  /** Sends what is due by now, so that a stall is made up for, as far as answers keep coming. */
  private tick(): void {
    const sending = [...this.workloads.values()].filter(({ retired }) => !retired);
    const sent = [...this.workloads.values()].reduce((sum, { total }) => sum + total, 0);
    for (let due = this.seconds * this.load.perSecond - sent; due >= 1 && sending.length > 0; due--) {
      const workload = sending[this.turn++ % sending.length];
      if (workload === undefined || workload.underWay >= UNDER_WAY) {
        break;
      }
      void workload.send();
    }
    for (const one of this.waiting) {
      if (one.isSo()) {
        this.waiting.delete(one);
        one.resolve();
      }
    }
  }
}

let sender: Sender | undefined;

async function carryOut(command: Command): Promise<unknown> {
  if (command.kind === "start") {
    const started = new Sender(command.load);
    sender = started;
    await started.when(() => started.everybody(({ total, underWay }) => total > underWay));
    return {};
  }
  const running = sender;
  if (running === undefined) {
    throw new Error("not started");
  }
  switch (command.kind) {
    case "counts":
      return running.counts();
    case "retire": {
      const workload = running.workload(command.name);
      workload.retired = true;
      await running.when(() => workload.underWay === 0);
      return {};
    }
    case "stop": {
      await running.when(() => running.requests >= command.least * running.seconds);
      const { requests, seconds } = running;
      await running.close();
      return { requests, seconds };
    }
  }
}

process.on("message", (command: Command) => {
  carryOut(command).then(
    (answer) => process.send?.(answer),
    (error: Error) => {
      process.stderr.write(`${error.stack}\n`);
      process.exit(1);
    },
  );
});
// The test that started this process is gone: nobody is left to be measured for.
process.on("disconnect", () => process.exit(0));
