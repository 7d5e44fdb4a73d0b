import { setImmediate as settled } from "node:timers/promises";
import type { Outcome } from "../../../provider/api/outcome";
import type { Request, Transport } from "../../../provider/api/transport";
import type { Random } from "./random";
import type { Timeline } from "./timeline";

/** One process of the simulated world, as the network sees it. */
export interface Peer {
  /** Carries out one request over real HTTP, with whatever goes wrong with it. */
  attempt(request: Request): Promise<Outcome>;
  /** How many more network events this process lives to see; below 0 it is dead. */
  lifetime: number;
  /** Called once, when the lifetime is over; nothing of this process happens afterwards. */
  die(): void;
}

interface Waiting {
  readonly peer: Peer;
  readonly request: Request;
  readonly deliver: (outcome: Outcome) => void;
}

interface Held {
  readonly peer: Peer;
  readonly outcome: Outcome;
  readonly deliver: (outcome: Outcome) => void;
}

/**
 * Decides, by chance of a seed, in which order the requests of all processes are carried out and in which order their
 * answers arrive. One request is on its way at a time and the processes are left to settle between two events, so that a
 * seed always plays the same interleaving.
 */
export class Network {
  private waiting: Waiting[] = [];
  private held: Held[] = [];
  private playing = false;
  /** Called between two events: somebody else may change something then. */
  between: () => void = () => undefined;

  constructor(
    private readonly chance: Random,
    private readonly time: Timeline,
  ) {}

  transport(peer: Peer): Transport {
    return (request) =>
      new Promise((deliver) => {
        if (peer.lifetime < 0) {
          return;
        }
        this.waiting.push({ peer, request, deliver });
        void this.play();
      });
  }

  /** Plays until nothing is on its way and nobody sleeps. */
  private async play(): Promise<void> {
    if (this.playing) {
      return;
    }
    this.playing = true;
    do {
      await settled();
      if (this.waiting.length + this.held.length > 0) {
        await this.event();
      } else {
        this.playing = this.time.skip();
      }
    } while (this.playing);
  }

  private async event(): Promise<void> {
    this.time.advance(this.chance.below(40));
    this.between();
    const choice = this.chance.below(this.waiting.length + this.held.length);
    const chosen = [...this.waiting, ...this.held][choice] as Waiting | Held;
    const { peer } = chosen;
    if (peer.lifetime-- === 0) {
      this.waiting = this.waiting.filter((one) => one.peer !== peer);
      this.held = this.held.filter((one) => one.peer !== peer);
      peer.die();
    } else if ("request" in chosen) {
      this.waiting = this.waiting.filter((one) => one !== chosen);
      this.held.push({ peer, deliver: chosen.deliver, outcome: await peer.attempt(chosen.request) });
    } else {
      this.held = this.held.filter((one) => one !== chosen);
      chosen.deliver(chosen.outcome);
    }
  }
}
