import { webcrypto } from "node:crypto";
import { setImmediate as turn } from "node:timers/promises";
import type { Outcome } from "../../../provider/api/outcome";
import type { Request, Transport } from "../../../provider/api/transport";
import type { Clock } from "../../../provider/clock";
import type { Random } from "./random";

/** One operation of the engine, as the network sees it. */
export interface Peer {
  /** How many more network events it lives to see; below 0 it is dead, and nothing of it happens any more. */
  lifetime: number;
  /** Called once, when the lifetime is over. */
  die(): void;
}

interface Event {
  readonly peer: Peer;
  happen(): void | Promise<void>;
}

/**
 * Time and network of a simulated world. Time moves only here. Chance decides in which order requests are carried out and
 * in which order their answers arrive, one at a time, with all processes left to settle in between: a seed always plays the
 * same interleaving.
 */
export class Network implements Clock {
  private events: Event[] = [];
  private sleepers: { readonly until: number; readonly wake: () => void }[] = [];
  private playing = false;
  /** Called between two events: a person may change something then. */
  between: () => void = () => undefined;

  constructor(
    private readonly chance: Random,
    private time: number,
  ) {}

  now(): number {
    return this.time;
  }

  random(): number {
    return this.chance.next();
  }

  sleep(ms: number): Promise<void> {
    void this.play();
    return new Promise((wake) => this.sleepers.push({ until: this.time + ms, wake }));
  }

  /** Lets time pass, and wakes those whose time has come. */
  advance(ms: number): void {
    this.time += ms;
    const due = this.sleepers.filter(({ until }) => until <= this.time).sort((a, b) => a.until - b.until);
    this.sleepers = this.sleepers.filter((sleeper) => !due.includes(sleeper));
    for (const { wake } of due) {
      wake();
    }
  }

  /** A peer's way to the API, over which `carryOut` makes a request. */
  transport(peer: Peer, carryOut: (request: Request) => Promise<Outcome>): Transport {
    return (request) =>
      new Promise((answer) => {
        const arrive = async () => {
          const outcome = await carryOut(request);
          this.events.push({ peer, happen: () => answer(outcome) });
        };
        this.events.push({ peer, happen: arrive });
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
      this.events = this.events.filter(({ peer }) => peer.lifetime >= 0);
      if (this.events.length > 0) {
        await this.next();
      } else if (this.sleepers.length > 0) {
        this.advance(Math.max(0, Math.min(...this.sleepers.map(({ until }) => until)) - this.time));
      } else {
        this.playing = false;
      }
    } while (this.playing);
  }

  private async next(): Promise<void> {
    this.advance(this.chance.below(40));
    this.between();
    const chosen = this.chance.pick(this.events);
    if (chosen.peer.lifetime-- === 0) {
      chosen.peer.die();
      return;
    }
    this.events = this.events.filter((event) => event !== chosen);
    await chosen.happen();
  }
}

/** Work of Node's cryptography that is under way on other threads; a seed must not depend on when it ends. */
let computing = 0;

for (const name of ["verify", "digest", "importKey"] as const) {
  const original = webcrypto.subtle[name] as (...args: unknown[]) => Promise<unknown>;
  const counted = (...args: unknown[]) => {
    computing++;
    return original.apply(webcrypto.subtle, args).finally(() => computing--);
  };
  Object.defineProperty(webcrypto.subtle, name, { value: counted, configurable: true, writable: true });
}

async function settled(): Promise<void> {
  do {
    await turn();
  } while (computing > 0);
}
