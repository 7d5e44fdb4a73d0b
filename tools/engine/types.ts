import type { Log } from "./log";

/** The four ways to an engine, in the order in which they are tried. */
export const WAYS = ["path", "home", "download", "build"] as const;
export type Way = (typeof WAYS)[number];

/** A Pulumi CLI that has answered with a version that fits. `command` is an absolute path. */
export interface Found {
  command: string;
  version: string;
  from: Way;
}

/** One thing that was tried in vain; `reason` is a sentence without its full stop. */
export interface Attempt {
  way: Way;
  reason: string;
}

/** What acquisition may look at and where it may write. */
export interface World {
  env: NodeJS.ProcessEnv;
  /** The user's home directory. */
  home: string;
  /** The folder that keeps what was downloaded or built. */
  cache: string;
  /** The address that has to answer before Pulumi's own installer is tried. */
  downloadUrl: string;
  ways: readonly Way[];
  log: Log;
}
