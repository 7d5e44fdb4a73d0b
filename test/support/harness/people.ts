import type { DirectAccess } from "../../../emulator";
import { among } from "./edits";
import { type Anchor, anchors, WITH_CLIENT } from "./material";
import type { Place } from "./program";
import { activeIds, DAY_MS, PLACES, type World } from "./world";

/** What people do by hand: answers what it was, undefined where there was nothing to do. */
type Act = (person: DirectAccess, project: string | undefined, a: number, b: number) => string | undefined;

function certificate(person: DirectAccess, choice: number, act: (id: string) => string): string | undefined {
  const id = among(person.certificates(), choice)?.id;
  return id && `${act(id)} ${id}`;
}

const ACT = {
  activate: (person, project, a) =>
    certificate(person, a, (id) => {
      person.activate([id], project);
      return `activates in ${project ?? "the organization"}`;
    }),
  deactivate: (person, project, a) => {
    const id = among([...activeIds(person.certificates(), project)], a);
    person.deactivate(id === undefined ? [] : [id], project);
    return id && `deactivates in ${project ?? "the organization"} ${id}`;
  },
  upload: (person, project, a, b) => {
    const all = person.certificates();
    // Mostly one that no program has, now and then the twin of one that is there, or of one to come.
    const index = b % 4 === 0 ? a % 8 : WITH_CLIENT + 8 + (a % 8);
    const anchor = anchors()[index] as Anchor;
    const isTwin = all.some(({ fingerprint }) => fingerprint === anchor.fingerprint);
    if (all.length >= 40 || (isTwin && b % 8 !== 0)) {
      return undefined;
    }
    const id = person.upload({ name: `foreign ${index}`, certificate: anchor.pem });
    person.activate(b % 2 === 0 ? [id] : [], project);
    return `uploads ${id}${b % 2 === 0 ? " and activates it" : ""}`;
  },
  rename: (person, _, a) =>
    certificate(person, a, (id) => {
      person.rename(id, `by hand ${a}`);
      return "renames";
    }),
  remove: (person, _, a) =>
    certificate(person, a, (id) => {
      person.remove(id);
      return "deletes";
    }),
} satisfies Record<string, Act>;

export type ActName = keyof typeof ACT;
export const ACTS = Object.keys(ACT) as ActName[];

/** Does something by hand, in a project now and then. `a` and `b` are any numbers, which choose among what there is. */
export function actByHand(world: World, act: ActName, place: Place, a: number, b: number): string {
  const project = b % (act === "upload" ? 6 : 3) === 0 ? world.projects[place] : undefined;
  const done = world.disturb(place, (person) => (ACT[act] as Act)(person, project, a, b));
  return `a person ${done ?? "looks"} (${place})`;
}

/** What a user does when told that a certificate to be deleted is still in use: ends its use everywhere. */
export function freeFromUse(world: World, ids: readonly string[]): void {
  for (const place of PLACES) {
    world.disturb(place, (person) => {
      for (const { id, active, activeProjects } of person.certificates().filter((one) => ids.includes(one.id))) {
        person.deactivate(active ? [id] : []);
        for (const project of activeProjects) {
          person.deactivate([id], project);
        }
      }
    });
  }
}

/** A number of days passes. */
export function passDays(world: World, days: number, advance: (ms: number) => void): string {
  world.today += days;
  advance(days * DAY_MS);
  return `${days} days pass`;
}
