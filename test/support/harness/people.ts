import { among } from "./edits";
import { type Anchor, anchors, WITH_CLIENT } from "./material";
import type { Place } from "./program";
import { activeIds, DAY_MS, PLACES, type World } from "./world";

/** What people do by hand. `a` and `b` are any numbers, which choose among what there is. */
type Act = (world: World, place: Place, a: number, b: number) => string;

const NOTHING = "a person looks";

export const ACTS = {
  activate: (world, place, a, b) => {
    const id = among(world.organization(place).certificates(), a)?.id;
    const project = b % 3 === 0 ? world.projects[place] : undefined;
    if (id === undefined) {
      return NOTHING;
    }
    world.disturb(place, (organization) => organization.activate([id], project));
    return `a person activates ${id} in ${project ?? place}`;
  },
  deactivate: (world, place, a, b) => {
    const project = b % 3 === 0 ? world.projects[place] : undefined;
    const live = [...activeIds(world.organization(place).certificates(), project)];
    const id = among(live, a);
    if (id === undefined) {
      return NOTHING;
    }
    world.disturb(place, (organization) => organization.deactivate([id], project));
    return `a person deactivates ${id} in ${project ?? place}`;
  },
  upload: (world, place, a, b) => {
    const all = world.organization(place).certificates();
    const used = new Set(all.map(({ fingerprint }) => fingerprint));
    // Mostly one that no program has, now and then the twin of one that is there, or of one to come.
    const index = b % 4 === 0 ? a % 8 : WITH_CLIENT + 8 + (a % 8);
    const anchor = anchors()[index] as Anchor;
    if (all.length >= 40 || (used.has(anchor.fingerprint) && b % 8 !== 0)) {
      return NOTHING;
    }
    const id = world.disturb(place, (organization) =>
      organization.upload({ name: `foreign ${index}`, certificate: anchor.pem }),
    );
    if (b % 2 === 0) {
      world.disturb(place, (organization) =>
        organization.activate([id], b % 6 === 0 ? world.projects[place] : undefined),
      );
    }
    return `a person uploads ${id}${b % 2 === 0 ? " and activates it" : ""}`;
  },
  rename: (world, place, a) => {
    const id = among(world.organization(place).certificates(), a)?.id;
    if (id !== undefined) {
      world.disturb(place, (organization) => organization.rename(id, `by hand ${a}`));
    }
    return id === undefined ? NOTHING : `a person renames ${id}`;
  },
  remove: (world, place, a) => {
    const id = among(world.organization(place).certificates(), a)?.id;
    if (id !== undefined) {
      world.disturb(place, (organization) => organization.remove(id));
    }
    return id === undefined ? NOTHING : `a person deletes ${id}`;
  },
} satisfies Record<string, Act>;

export type ActName = keyof typeof ACTS;

/** What a user does when told that a certificate to be deleted is still in use: ends its use everywhere. */
export function freeFromUse(world: World, ids: readonly string[]): void {
  for (const place of PLACES) {
    world.disturb(place, (organization) => {
      for (const { id, active, activeProjects } of organization.certificates()) {
        if (ids.includes(id)) {
          organization.deactivate(active ? [id] : []);
          for (const project of activeProjects) {
            organization.deactivate([id], project);
          }
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
