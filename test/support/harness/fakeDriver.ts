import { organizationActivation } from "../../../provider/activation/organization";
import { projectActivation } from "../../../provider/activation/project";
import type { Outcome } from "../../../provider/api/outcome";
import { httpTransport, type Transport } from "../../../provider/api/transport";
import { certificateLifecycle } from "../../../provider/certificate/lifecycle";
import { Session } from "../../../provider/session";
import { resolveSettings } from "../../../provider/settings";
import { Said } from "../rig";
import type { Driver, Ended, Order } from "./driver";
import { FakeEngine, type Lifecycles } from "./fakeEngine";
import { Faults } from "./faults";
import type { Network } from "./network";
import type { Random } from "./random";
import { StateFile } from "./state";
import type { Effect, World } from "./world";
import { KEYS } from "./world";

const SILENCE: Outcome = { kind: "lost", reason: "no answer within 30 s (openai:timeoutSeconds)" };

/** Calls the real lifecycles, over real HTTP, as the engine would; each explicit provider is a session of its own. */
export class FakeDriver implements Driver {
  readonly canBeDisturbed = true;

  constructor(
    private readonly network: Network,
    private readonly chance: Random,
  ) {}

  async run(world: World, order: Order): Promise<Ended> {
    const { operation, flags, trouble, killAfter = Number.POSITIVE_INFINITY } = order;
    const said = new Said();
    const effects: Effect[] = [];
    const faults = new Faults(this.chance, trouble);
    let die = () => {};
    const dead = new Promise<"killed">((resolve) => {
      die = () => resolve("killed");
    });
    const peer = { lifetime: killAfter, die };
    const overNetwork = (real: Transport): Transport =>
      this.network.transport(peer, async (request) => {
        const mishap = faults.draw(`${request.method} ${request.url} ${JSON.stringify(request.body)}`);
        if (mishap?.kind === "silence" && mishap.at === "before") {
          return SILENCE;
        }
        if (mishap !== undefined && mishap.kind !== "silence") {
          world.emulator.faults.add(mishap);
        }
        const outcome = await real(request);
        effects.push(...world.effects());
        return mishap?.kind === "silence" ? SILENCE : outcome;
      });
    const processes = [0, 1].map(() => this.process(world, order, said, overNetwork));
    const isPreview = operation === "preview";
    const state = new StateFile(world.state.resources);
    const engine = new FakeEngine(state, (index) => processes[index] as Lifecycles, flags, isPreview);
    const work = operation === "up" || isPreview ? engine.up(world.declared()) : engine[operation]();
    const killed = await Promise.race([work, dead]);
    if (!isPreview) {
      world.state = new StateFile(state.resources);
    }
    const { failures, decided } = engine;
    return {
      how: killed ?? (failures.length > 0 ? "failed" : "done"),
      failures: [...failures],
      said: [said.text, ...failures.map(({ text }) => text)].join("\n"),
      decided,
      requests: world.emulator.requests.splice(0),
      effects,
    };
  }

  private process(
    { emulator }: World,
    { wrongKey }: Order,
    log: Said,
    over: (real: Transport) => Transport,
  ): Lifecycles {
    const own = wrongKey ? KEYS.empty : KEYS.main;
    const config: Record<string, unknown> = {
      "openai:adminKey": own,
      "openai:baseUrl": emulator.url,
      "openai:organizations": { main: { adminKey: own }, eu: { adminKey: KEYS.eu } },
    };
    const transport = (settings: Parameters<typeof httpTransport>[0]) => over(httpTransport(settings));
    const settings = resolveSettings((key) => config[key], {});
    const session = new Session(settings, { clock: this.network, log, transport });
    const current = () => session;
    return {
      certificate: certificateLifecycle(current),
      activation: organizationActivation(current),
      project: projectActivation(current),
    };
  }
}
