import type { Emulator } from "../../../emulator";
import { organizationActivation } from "../../../provider/activation/organization";
import { projectActivation } from "../../../provider/activation/project";
import type { Outcome } from "../../../provider/api/outcome";
import { httpTransport, type Request, type Transport } from "../../../provider/api/transport";
import { certificateLifecycle } from "../../../provider/certificate/lifecycle";
import type { Lifecycle } from "../../../provider/lifecycle";
import { Session } from "../../../provider/session";
import { resolveSettings } from "../../../provider/settings";
import { ADMIN_KEY, Said } from "../rig";
import type { Network, Peer } from "./network";
import type { Kind } from "./stateFile";
import type { Timeline } from "./timeline";
import type { Trouble } from "./trouble";

export interface Surroundings {
  readonly emulator: Emulator;
  readonly network: Network;
  readonly time: Timeline;
  readonly trouble: Trouble;
  /** Called after each request that was carried out, whatever became of its answer. */
  readonly watch: (request: Request) => void;
}

const SILENCE: Outcome = { kind: "lost", reason: "no answer within 30 s (openai:timeoutSeconds)" };

/** A provider process in the simulated world: its lifecycles are the real ones, over real HTTP, and it can be killed. */
export class ProviderProcess implements Peer {
  readonly said = new Said();
  readonly lifecycles: Readonly<Record<Kind, Lifecycle>>;
  readonly dead: Promise<"killed">;
  die: () => void = () => undefined;
  private real: Transport | undefined;

  constructor(
    private readonly surroundings: Surroundings,
    public lifetime: number,
  ) {
    const { emulator, network, time } = surroundings;
    const config: Record<string, unknown> = { "openai:adminKey": ADMIN_KEY, "openai:baseUrl": emulator.url };
    const settings = resolveSettings((key) => config[key], {});
    const transport = network.transport(this);
    const session = new Session(settings, {
      clock: time,
      log: this.said,
      transport: (resolved) => {
        this.real = httpTransport(resolved);
        return transport;
      },
    });
    const current = () => session;
    this.lifecycles = {
      certificate: certificateLifecycle(current),
      activation: organizationActivation(current),
      project: projectActivation(current),
    };
    this.dead = new Promise((resolve) => {
      this.die = () => resolve("killed");
    });
  }

  async attempt(request: Request): Promise<Outcome> {
    const { emulator, trouble, time, watch } = this.surroundings;
    const mishap = trouble.draw(request, time.now());
    if (mishap?.kind === "silence" && mishap.at === "before") {
      return SILENCE;
    }
    if (mishap !== undefined && mishap.kind !== "silence") {
      emulator.faults.add(mishap);
    }
    const outcome = await (this.real as Transport)(request);
    watch(request);
    return mishap?.kind === "silence" ? SILENCE : outcome;
  }
}
