import type { PlayedStack, Scene } from "./scene";

/** Anchors that no program uses. */
const FOREIGN_ANCHORS = [18, 19, 20, 21, 22, 23];
/** The organization's cap is 50; a replacement needs room as well. */
const MOST_CERTIFICATES = 35;

/** Somebody changes something by hand; says what. */
export function meddle(scene: Scene, stacks: readonly PlayedStack[]): string {
  const { chance } = scene;
  const all = scene.organization.certificates();
  const ours = stacks
    .flatMap(({ state }) => state.resources)
    .filter(({ kind, id }) => kind === "certificate" && all.some((one) => one.id === id));
  const projectId = chance.pick([undefined, scene.organization.projects()[0]?.id]);
  const live = [...scene.live(projectId)];
  const where = projectId ?? "the organization";
  const choice = chance.weighted({ upload: 2, activate: 3, deactivate: 3, rename: 2, remove: 2 });
  if (choice === "upload" && all.length < MOST_CERTIFICATES) {
    const { pem } = scene.anchor(chance.pick(FOREIGN_ANCHORS));
    const id = scene.disturb((organization) => organization.upload({ name: "foreign", certificate: pem }));
    scene.markForeign(id);
    if (chance.chance(0.5)) {
      return `somebody uploads ${id}`;
    }
    scene.disturb((organization) => organization.activate([id], projectId));
    return `somebody uploads ${id} and activates it in ${where}`;
  }
  if (choice === "activate" && all.length > 0) {
    const { id } = chance.pick(all);
    scene.disturb((organization) => organization.activate([id], projectId));
    return `somebody activates ${id} in ${where}`;
  }
  // Never the last one: that would be somebody's wish to end enforcement.
  if (choice === "deactivate" && live.length > 1) {
    const id = chance.pick(live);
    scene.disturb((organization) => organization.deactivate([id], projectId));
    return `somebody deactivates ${id} in ${where}`;
  }
  if (choice === "rename" && ours.length > 0) {
    const { id } = chance.pick(ours);
    scene.disturb((organization) => organization.rename(id, "renamed by hand"));
    return `somebody renames ${id}`;
  }
  if (choice === "remove" && ours.length > 0) {
    const { id } = chance.pick(ours);
    scene.disturb((organization) => organization.remove(id));
    return `somebody deletes ${id}`;
  }
  return "somebody looks";
}

/** What a user does when told that a certificate to be deleted is still in use: ends its use everywhere. */
export function freeFromUse(scene: Scene, ids: readonly string[]): void {
  scene.disturb((organization) => {
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

/** The certificates that a run could not delete, where that was all that went wrong; undefined otherwise. */
export function inUse(failures: readonly string[]): string[] | undefined {
  const told = failures.map((text) =>
    /cannot delete (cert_\w+): 400 certificate_in_use.*It is still active in/.exec(text),
  );
  return told.every((found) => found !== null) ? told.map((found) => found?.[1] ?? "") : undefined;
}
