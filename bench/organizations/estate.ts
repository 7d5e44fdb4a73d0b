import { spawn } from "node:child_process";
import path from "node:path";
import { text } from "node:stream/consumers";
import { type Emulator, startEmulator } from "../../emulator";
import { realAnchors } from "../../test/support/anchors";
import type { EstateState, RefreshReport } from "./refresh";

const REPOSITORY = path.resolve(__dirname, "../..");

/** Many organizations on one emulator, each with as many certificates as the API allows, all active. */
export class Estate {
  private constructor(
    readonly emulator: Emulator,
    private readonly state: EstateState,
  ) {}

  static async start(organizations: number, certificates = 50): Promise<Estate> {
    const names = Array.from({ length: organizations }, (_, index) => `org-${index}`);
    const adminKey = Object.fromEntries(names.map((name) => [name, `sk-admin-${name}`]));
    const emulator = await startEmulator({ adminKey });
    const anchors = realAnchors(certificates);
    const ids = names.map((name) => {
      const organization = emulator.organization(name);
      const uploaded = anchors.map((certificate, index) => organization.upload({ name: `root-${index}`, certificate }));
      organization.activate(uploaded);
      return [name, uploaded] as const;
    });
    return new Estate(emulator, { baseUrl: emulator.url, adminKey, ids: Object.fromEntries(ids) });
  }

  /** Refreshes everything in one provider process of its own, as one run of the engine does. */
  async refresh(): Promise<RefreshReport & { readonly calls: number }> {
    this.emulator.requests.length = 0;
    const child = spawn(process.execPath, ["--import", "tsx", path.join(__dirname, "refresh.ts")], {
      cwd: REPOSITORY,
      stdio: ["pipe", "pipe", "inherit"],
    });
    child.stdin.on("error", () => undefined).end(JSON.stringify(this.state));
    const output = await text(child.stdout);
    if (output === "") {
      throw new Error("the provider process ended without a report");
    }
    return { ...(JSON.parse(output) as RefreshReport), calls: this.emulator.requests.length };
  }

  close(): Promise<void> {
    return this.emulator.close();
  }
}
