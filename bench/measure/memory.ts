import { readdirSync, readFileSync } from "node:fs";

const EVERY_MS = 50;

/**
 * Watches the processes below one, and notes the most memory that a matching one ever had resident (VmHWM of Linux's
 * /proc, which keeps the peak between two looks). Undefined elsewhere.
 */
export class MemoryWatch {
  peakBytes: number | undefined;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly root: number,
    private readonly commandLine: RegExp,
  ) {
    this.timer = setInterval(() => this.look(), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    for (const pid of descendants(this.root)) {
      if (this.commandLine.test(read(`/proc/${pid}/cmdline`).replace(/\0/g, " "))) {
        const kilobytes = Number(/VmHWM:\s+(\d+) kB/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
        this.peakBytes = Math.max(this.peakBytes ?? 0, kilobytes * 1024);
      }
    }
  }
}

/** The processes below one, as far as this is Linux. */
export function descendants(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const pid of processes()) {
    // The second field is the name in parentheses, which may hold anything.
    const parent = Number(/\) \S (\d+) /.exec(read(`/proc/${pid}/stat`))?.[1] ?? 0);
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

/** Empty where the process has ended meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
