import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createAuthority, type Emulator, startEmulator } from "../emulator";
import { parseRequiredClients, verifyClients } from "../provider/clients";
import { realAnchors } from "../test/support/anchors";
import type { Cell } from "./report";
import { OPERATIONS, type Operation, type Subject, type Workplace } from "./subjects";

const ADMIN_KEY = "sk-admin-local-bench";
/** A second in /proc (USER_HZ on every platform that Node runs on). */
const TICKS = 100;

/** Noise only ever adds: what counts is the least of all runs. */
export class Fastest {
  private readonly cells = new Map<string, Cell>();

  add(subject: Subject, what: string, { value, cpu, ...rest }: Cell): void {
    const key = `${what} ${subject.title}`;
    const before = this.cells.get(key);
    this.cells.set(key, {
      ...rest,
      value: Math.min(value, before?.value ?? value),
      ...(cpu === undefined ? {} : { cpu: Math.min(cpu, before?.cpu ?? cpu) }),
    });
  }

  get(subject: Subject, what: string): Cell | undefined {
    return this.cells.get(`${what} ${subject.title}`);
  }
}

interface Station {
  readonly subject: Subject;
  readonly emulator: Emulator;
  readonly workplace: Workplace;
}

/**
 * Every operation at one size; each runs for one subject after the other, so that all of them see the same machine. `turn`
 * says which of them is first.
 */
export async function measureSize(
  subjects: readonly Subject[],
  size: number,
  turn: number,
  into: Fastest,
): Promise<void> {
  const anchors = Object.fromEntries(realAnchors(size).map((pem, index) => [`root-${index}`, pem]));
  const stations: Station[] = [];
  try {
    for (const subject of subjects) {
      const emulator = await startEmulator({ adminKey: ADMIN_KEY });
      const env = { OPENAI_BASE_URL: emulator.url, OPENAI_ADMIN_KEY: ADMIN_KEY };
      stations.push({ subject, emulator, workplace: subject.open(env, anchors) });
    }
    for (const [step, operation] of OPERATIONS.entries()) {
      const first = (step + turn) % stations.length;
      for (const station of [...stations.slice(first), ...stations.slice(0, first)]) {
        await measure(station, operation, size, into);
      }
    }
  } finally {
    for (const { workplace, emulator } of stations) {
      workplace.close();
      await emulator.close();
    }
  }
}

async function measure(station: Station, operation: Operation, size: number, into: Fastest): Promise<void> {
  const { subject, emulator, workplace } = station;
  emulator.requests.length = 0;
  const [began, cpuBefore] = [performance.now(), childrenCpu()];
  await workplace.run(operation);
  const value = (performance.now() - began) / 1000;
  const cpu = cpuBefore === undefined ? {} : { cpu: (childrenCpu() ?? Number.NaN) - cpuBefore };
  into.add(subject, `${operation}, ${size}`, { value, ...cpu, calls: emulator.requests.length });
  if (operation === "create") {
    into.add(subject, `state, ${size}`, { value: workplace.stateBytes() / 1000 });
  }
  // Nothing is measured that was not done.
  const there = emulator.organization().certificates();
  const active = there.filter((certificate) => certificate.active).length;
  const left = operation === "destroy" ? 0 : size;
  if (there.length !== left || (subject.activates && active !== left)) {
    throw new Error(`${subject.title}: after ${operation}, ${there.length} of ${left} are there, and ${active} active`);
  }
}

/** CPU seconds of all processes that this one has started and that have ended, where the system is Linux (proc(5), stat). */
function childrenCpu(): number | undefined {
  if (process.platform !== "linux") {
    return undefined;
  }
  const [, fields = ""] = readFileSync("/proc/self/stat", "utf8").split(") ");
  const [user, system] = fields.split(" ").slice(13, 15).map(Number);
  return ((user ?? Number.NaN) + (system ?? Number.NaN)) / TICKS;
}

/** Its provider process: from the start to its port, and what it then has in memory, where the system is Linux. */
export async function measureProvider(subject: Subject, into: Fastest): Promise<void> {
  const [command, ...args] = subject.provider ?? [];
  if (command === undefined) {
    return;
  }
  const began = performance.now();
  // As the engine starts it: with its own address, which nothing calls here.
  const child = spawn(command, [...args, "127.0.0.1:1"], { stdio: ["pipe", "pipe", "inherit"] });
  await once(child.stdout, "data");
  into.add(subject, "start-up", { value: performance.now() - began });
  if (process.platform === "linux") {
    const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8")) ?? [];
    into.add(subject, "memory", { value: (Number(kilobytes) * 1024) / 1e6 });
  }
  child.kill();
  await once(child, "exit");
}

/** CPU time for 20 clients below an intermediate each, against 50 anchors, by code that runs for the first time. */
export async function requiredClientsMs(): Promise<number> {
  const roots = await Promise.all(
    Array.from({ length: 50 }, (_, index) => createAuthority({ commonName: `Root ${index}` })),
  );
  const issuing = await Promise.all(roots.slice(0, 20).map((root) => root.intermediate()));
  const chains = (await Promise.all(issuing.map((authority) => authority.client()))).map(({ chain }) => chain);
  const anchors = roots.map(({ certificate, commonName }) => ({ id: commonName, name: commonName, pem: certificate }));
  const began = process.cpuUsage();
  const verdicts = await verifyClients(parseRequiredClients(chains).clients, anchors, new Date());
  const { user, system } = process.cpuUsage(began);
  if (verdicts.filter(({ accepted }) => accepted).length !== chains.length) {
    throw new Error("a required client is not accepted");
  }
  return (user + system) / 1000;
}
