import { readdirSync, readFileSync } from "node:fs";

/** The processes below one, as far as this is Linux. */
export function descendants(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const pid of processes()) {
    // The second field is the name in parentheses, which may hold anything.
    const parent = Number(/\) \S (\d+) /.exec(readProc(`${pid}/stat`))?.[1] ?? 0);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found: number[] = [];
  for (let next = [root]; next.length > 0; ) {
    next = next.flatMap((pid) => children.get(pid) ?? []);
    found.push(...next);
  }
  return found;
}

function processes(): number[] {
  try {
    return readdirSync("/proc").map(Number).filter(Number.isInteger);
  } catch {
    return []; // No /proc: not Linux.
  }
}

/** A file of Linux's /proc; empty where the process has ended meanwhile, and on other systems. */
export function readProc(file: string): string {
  try {
    return readFileSync(`/proc/${file}`, "utf8");
  } catch {
    return "";
  }
}
