import { until } from "./engineWorld";
import type { Random } from "./harness/random";
import { killAll } from "./killAll";
import { type Site, TWELVE } from "./site";
import type { Ended } from "./stack";

const CALLS_AT_ONCE = 10;
const PAGE = 7;

/**
 * Runs an operation and kills all its processes when its n-th request has been carried out, before the answer to that one
 * is sent. The others take their time, so that some are under way then and some answers have not arrived.
 */
export async function killAt(site: Site, nth: number, chance: Random, operate: () => Promise<Ended>): Promise<Ended> {
  const { faults, requests } = site.emulator;
  const late = [20, 60, 120].flatMap((ms) =>
    (["before", "after"] as const).map((at) => ({ kind: "latency", ms, at }) as const),
  );
  faults.random({ rate: 0.7, seed: chance.below(2 ** 31), kinds: late });
  faults.add({
    kind: "body",
    match: { skip: nth - 1 },
    change: (body) => {
      killAll(site.stack.running?.pid as number);
      return body;
    },
  });
  const ended = await operate();
  if (faults.pending > 0) {
    throw new Error(`the operation was over before its request ${nth}: ${ended.error}\n${ended.output}`);
  }
  faults.clear();
  // What was on its way is carried out all the same.
  await until(() => requests.every(({ status }) => status !== 0));
  site.stack.removeTornAttributes();
  return ended;
}

/** A request of the `up` that has yet to be made, by its number: never more than there will be. */
export function pointOfUp(site: Site, chance: Random, adopts: boolean): number {
  const { orphans, live, active } = site.tally();
  const uploads = TWELVE - (adopts ? live : live - orphans.length);
  return 1 + chance.below(pages(live) + uploads + calls(TWELVE - active));
}

/** Likewise of a `destroy`. */
export function pointOfDestroy(site: Site, chance: Random): number {
  const { live, active } = site.tally();
  return 1 + chance.below(pages(live) + calls(active) + TWELVE);
}

const pages = (count: number) => Math.max(1, Math.ceil(count / PAGE));
const calls = (count: number) => Math.ceil(count / CALLS_AT_ONCE);
