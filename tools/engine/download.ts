import { SemVer } from "semver";

/** What Pulumi's own installer fetches first. */
export const DOWNLOAD_URL = "https://get.pulumi.com/install.sh";

const TIMEOUT_MS = 3_000;

/**
 * Why the download cannot work from here, as a sentence without its full stop; undefined where the host answers.
 * The installer itself has no limit of time: asking first makes a closed network cost seconds. Like the installer it
 * does not go through a proxy.
 */
export async function refuseDownload(url: string, timeoutMs = TIMEOUT_MS): Promise<string | undefined> {
  const { host } = new URL(url);
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, { method: "HEAD", signal: timeout });
    return response.ok ? undefined : `${host} answered with status ${response.status}`;
  } catch (error) {
    if (timeout.aborted) return `${host} did not answer within ${timeoutMs / 1000} s`;
    // fetch says "fetch failed"; its cause has the reason, in the code alone where several addresses were tried.
    const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
    return `${host} cannot be reached: ${cause?.message || cause?.code || (error as Error).message}`;
  }
}

/** What went wrong, from the Automation API's error for a failed command, whose message is a record of several lines. */
export function explainInstaller(message: string): string {
  const said = message.split(/^ *stderr: /m)[1]?.split(/^ *err\?: /m)[0] ?? message;
  const line = said.trim().replace(/\s+/g, " ");
  return `Pulumi's installer failed: ${line.length > 300 ? `${line.slice(0, 300)}…` : line}`;
}

/** Installs the CLI with its plugins as `<root>/bin`, by Pulumi's own installer. */
export async function download(root: string, version: string): Promise<void> {
  // Loading the Automation API takes a second, which a run that finds its engine need not spend.
  const { PulumiCommand } = require("@pulumi/pulumi/automation") as typeof import("@pulumi/pulumi/automation");
  await PulumiCommand.install({ root, version: new SemVer(version) });
}
