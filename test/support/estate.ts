import { spawn } from "node:child_process";
import path from "node:path";
import { text } from "node:stream/consumers";
import { type Emulator, startEmulator } from "../../emulator";
import { realAnchors } from "./anchors";

/** The API's cap on an organization. */
const MOST_CERTIFICATES = 50;
const REPOSITORY = path.resolve(__dirname, "../..");

/** What state says of many organizations. */
interface EstateState {
  readonly baseUrl: string;
  /** By organization. */
  readonly adminKey: Readonly<Record<string, string>>;
  /** The certificates of each organization; they are {@link anchors}, in that order. */
  readonly ids: Readonly<Record<string, readonly string[]>>;
  readonly anchors: readonly string[];
}

/** What a provider process tells of a refresh. */
export interface RefreshReport {
  /** Resources that were read, and found as state has them. */
  readonly resources: number;
  /** The most that the process ever had resident. */
  readonly memoryBytes: number;
}

/** Many organizations on one emulator, each with as many certificates as the API allows, all active. */
export class Estate {
  private constructor(
    readonly emulator: Emulator,
    private readonly state: EstateState,
  ) {}

  static async start(organizations: number): Promise<Estate> {
    const names = Array.from({ length: organizations }, (_, index) => `org-${index}`);
    const adminKey = Object.fromEntries(names.map((name) => [name, `sk-admin-${name}`]));
    const emulator = await startEmulator({ adminKey });
    const anchors = realAnchors(MOST_CERTIFICATES);
    const ids = names.map((name) => {
      const organization = emulator.organization(name);
      const uploaded = anchors.map((certificate, index) => organization.upload({ name: `root-${index}`, certificate }));
      organization.activate(uploaded);
      return [name, uploaded] as const;
    });
    return new Estate(emulator, { baseUrl: emulator.url, adminKey, ids: Object.fromEntries(ids), anchors });
  }

  /** Refreshes everything in one provider process of its own, as one run of the engine does. */
  async refresh(): Promise<RefreshReport & { readonly calls: number }> {
    this.emulator.requests.length = 0;
    const child = spawn(process.execPath, [path.join(__dirname, "estateRefresh.js")], {
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
