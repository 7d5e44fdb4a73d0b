import { randomBytes } from "node:crypto";
import { mkdir, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** Who stands in the lock: `<pid>.<nonce>.<host>` is the name of an empty file, so it is there whole or not at all. */
export interface Ticket {
  pid: number;
  nonce: string;
  host: string;
}

export interface LockOptions {
  signal: AbortSignal;
  /** Called again and again while another process has the lock, with that process's id. */
  onWait: (pid: number) => void;
  beatMs?: number;
}

const BEAT_MS = 5_000;
/** A holder that has not shown itself for so long is gone, whatever lives under its process id today. */
const LOST_MS = 60_000;

export function formatTicket(ticket: Ticket): string {
  return `${ticket.pid}.${ticket.nonce}.${ticket.host}`;
}

/** Undefined for a file that is not a ticket. */
export function parseTicket(name: string): Ticket | undefined {
  const match = /^(\d+)\.([0-9a-f]+)\.(.+)$/.exec(name);
  return match ? { pid: Number(match[1]), nonce: match[2]!, host: match[3]! } : undefined;
}

/**
 * Whether a ticket's process is gone. A process id says nothing about another machine or container that shares the
 * folder, and may have been given to another process since: there, the age of the ticket's last sign of life decides.
 */
export function isAbandoned(
  ticket: Ticket,
  silentMs: number,
  here: { host: string; isRunning: (pid: number) => boolean; lostMs: number },
): boolean {
  return silentMs > here.lostMs || (ticket.host === here.host && !here.isRunning(ticket.pid));
}

/**
 * Runs `work` while no other process, and no other call of this one, runs its own under the same folder.
 *
 * A ticket has a name that is never used twice. Whoever has put one down and then sees no living other one holds the
 * lock; whoever sees one takes its own back and waits. Of two that overlap, the later of the two looks happens after both
 * tickets lie there, so they never both hold it. And a dead process's ticket can be removed by anyone at any moment,
 * because nobody else's can be hit: that is what a single lock file with a process id in it does not give, where two
 * that find it stale can remove the lock that the first of them has just taken.
 */
export async function withLock<T>(folder: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true });
  const own = formatTicket({ pid: process.pid, nonce: randomBytes(8).toString("hex"), host: hostname() });
  const file = path.join(folder, own);
  await take(folder, own, options);
  // The cache may be deleted under a running build; the build's own error then tells.
  const beat = setInterval(
    () => void utimes(file, new Date(), new Date()).catch(() => clearInterval(beat)),
    options.beatMs ?? BEAT_MS,
  );
  try {
    return await work();
  } finally {
    clearInterval(beat);
    await rm(file, { force: true });
  }
}

async function take(folder: string, own: string, options: LockOptions): Promise<void> {
  for (;;) {
    let others = await livingTickets(folder, own);
    if (others.length === 0) {
      options.signal.throwIfAborted();
      await writeFile(path.join(folder, own), "", { flag: "wx" });
      others = await livingTickets(folder, own);
      if (others.length === 0) return;
      await rm(path.join(folder, own), { force: true });
    }
    options.onWait(others[0]!.pid);
    // Two that have met and stepped back must not come again at the same moment.
    await delay(100 + Math.random() * 200, undefined, { signal: options.signal });
  }
}

async function livingTickets(folder: string, own: string): Promise<Ticket[]> {
  const here = { host: hostname(), isRunning, lostMs: LOST_MS };
  const living: Ticket[] = [];
  for (const name of await readdir(folder)) {
    const ticket = parseTicket(name);
    if (!ticket || name === own) continue;
    const file = path.join(folder, name);
    const seen = await lastBeat(file);
    if (seen === undefined) continue;
    if (isAbandoned(ticket, Date.now() - seen, here)) await rm(file, { force: true });
    else living.push(ticket);
  }
  return living;
}

/** Undefined where the ticket has been taken back in the meantime. */
async function lastBeat(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: there is one, and it is another user's.
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
