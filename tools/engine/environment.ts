import path from "node:path";

/** What a process needs in its environment, over its own, to use the engine by the name `pulumi`. */
export interface Placement {
  /** PATH as it is. */
  folders: readonly string[];
  /** Where the first `pulumi` on PATH is, whatever its version. */
  firstOnPath: string | undefined;
  command: string;
  pluginFolder: string;
  /** The plugin lies beside the CLI, or on PATH already. */
  pluginIsFound: boolean;
}

/**
 * PATH with the CLI's folder and the plugin's in front, but only where they are not found without: in front, the folder of
 * an installed CLI (`/usr/bin`) would put its `node` before the one that is in use.
 */
export function engineEnvironment(placement: Placement): Record<string, string> {
  const front: string[] = [];
  if (placement.firstOnPath !== placement.command) front.push(path.dirname(placement.command));
  if (!placement.pluginIsFound) front.push(placement.pluginFolder);
  const folders = [...front, ...placement.folders.filter((folder) => !front.includes(folder))];
  return { PATH: folders.join(path.delimiter), PULUMI_SKIP_UPDATE_CHECK: "true" };
}
