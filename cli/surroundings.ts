/** What a command needs of the process; tests bring their own. */
export interface Surroundings {
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly env: NodeJS.ProcessEnv;
}

export type Stream = Pick<NodeJS.WriteStream, "write" | "isTTY" | "columns" | "hasColors">;

/** What is printed should fit in a log and in a mail as well. */
const WIDEST = 100;
/** Below this many columns a line is left to the terminal to break. */
const NARROWEST = 40;

/** In how many columns to write: as many as the terminal has, within reason. */
export function widthOfPaper({ columns }: Pick<Stream, "columns">): number {
  return Math.min(Math.max(columns || WIDEST, NARROWEST), WIDEST);
}
