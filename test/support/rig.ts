import { type Emulator, type EmulatorOptions, type RecordedRequest, startEmulator, writes } from "../../emulator";
import { organizationActivation } from "../../provider/activation/organization";
import { projectActivation } from "../../provider/activation/project";
import { httpTransport } from "../../provider/api/transport";
import { certificateLifecycle } from "../../provider/certificate/lifecycle";
import type { Lifecycle } from "../../provider/lifecycle";
import { Session } from "../../provider/session";
import { resolveSettings } from "../../provider/settings";
import { FakeClock } from "./fakeClock";

export const ADMIN_KEY = "sk-admin-local-0123456789";

/** A log that keeps what was said; each line once, as users see it. */
export class Said {
  readonly lines: string[] = [];

  info(line: string): void {
    if (!this.lines.includes(line)) {
      this.lines.push(line);
    }
  }

  warn(line: string): void {
    this.info(`warning: ${line}`);
  }

  get text(): string {
    return this.lines.join("\n");
  }
}

/** One run of the engine: a fresh provider process's worth of lifecycles on the emulator. */
export interface Run {
  readonly certificate: Lifecycle;
  readonly activation: Lifecycle;
  readonly project: Lifecycle;
  readonly said: Said;
  readonly clock: FakeClock;
}

/** The provider's lifecycles on a real emulator over HTTP, with time injected. */
export class Rig {
  private constructor(readonly emulator: Emulator) {}

  static async start(options: Partial<EmulatorOptions> = {}): Promise<Rig> {
    return new Rig(await startEmulator({ port: 0, adminKey: ADMIN_KEY, ...options }));
  }

  /** What the next run of the engine would have: nothing seen, nothing held. */
  run(config: Record<string, unknown> = {}): Run {
    const given: Record<string, unknown> = {
      "openai:adminKey": ADMIN_KEY,
      "openai:baseUrl": this.emulator.url,
      ...config,
    };
    const clock = new FakeClock();
    const said = new Said();
    const session = new Session(
      resolveSettings((key) => given[key], {}),
      { clock, log: said, transport: httpTransport },
    );
    const current = () => session;
    return {
      certificate: certificateLifecycle(current),
      activation: organizationActivation(current),
      project: projectActivation(current),
      said,
      clock,
    };
  }

  get organization() {
    return this.emulator.organization();
  }

  /** `GET /organization/certificates` and the like, ids left out, since the last call. */
  calls(): string[] {
    const calls = this.emulator.requests.map(callOf);
    this.emulator.requests.length = 0;
    return calls;
  }

  /** Like {@link calls}, only those that could change something. */
  writes(): string[] {
    const calls = writes(this.emulator.requests).map(callOf);
    this.emulator.requests.length = 0;
    return calls;
  }

  /** Names of the active certificates, sorted. */
  active(projectId?: string): (string | null)[] {
    return this.organization
      .certificates()
      .filter((one) => (projectId === undefined ? one.active : one.activeProjects.includes(projectId)))
      .map(({ name }) => name)
      .sort();
  }

  close(): Promise<void> {
    return this.emulator.close();
  }
}

function callOf({ method, path }: RecordedRequest): string {
  return `${method} ${path.replace(/cert_[0-9a-f]+/, "{id}").replace(/proj_\w+/, "{project}")}`;
}
