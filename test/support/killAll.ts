import { descendants } from "./processes";

/**
 * Ends a process that leads a group, and all below it, at once with SIGKILL. The engine starts its provider in a group of
 * its own, and that would go on, forever, when the engine is killed alone.
 */
export function killAll(leader: number): void {
  const below = descendants(leader);
  process.kill(-leader, "SIGKILL");
  for (const pid of below) {
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      // Gone with its group.
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") {
        throw error;
      }
    }
  }
}
