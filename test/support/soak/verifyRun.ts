import type { PlayedStack, Scene, Upload } from "./scene";
import { answeredFor } from "./scopeBefore";
import type { Operation } from "./watch";
import type { Ended } from "./world";

/** What every run has to keep to, whatever became of it. Counts its uploads and what is lost of them. */
export function verifyRun(scene: Scene, stack: PlayedStack, operation: Operation, ended: Ended): string[] {
  return [
    ...ended.watch.violations,
    ...withoutProvider(stack),
    ...takenOver(stack, ended),
    ...unnamedTwins(scene, ended),
    ...accountForUploads(scene, stack, ended),
    ...duplicates(scene, stack, ended),
    ...(operation === "up" && ended.how === "failed" ? unanswered(scene, stack, ended) : []),
  ];
}

/** Without it a resource can be neither refreshed nor destroyed any more. */
function withoutProvider({ state }: PlayedStack): string[] {
  const lost = state.resources.filter(({ outputs }) => outputs["__provider"] === undefined);
  return lost.map(({ name }) => `${name} has lost its provider`);
}

/** Nothing that was there already gets into state unless the program says `adopt`. */
function takenOver({ program, state }: PlayedStack, { watch: { own, uploads } }: Ended): string[] {
  const rightful = new Set([...own, ...uploads.map(({ id }) => id)]);
  const taken = state.resources.filter(({ kind, id }) => kind === "certificate" && !rightful.has(id));
  return program.adopt ? [] : taken.map(({ id, name }) => `${name} has taken ${id} over, and was not told to`);
}

/** Every upload is in state, or is an orphan that the user hears of. */
function accountForUploads(scene: Scene, { state }: PlayedStack, ended: Ended): string[] {
  const { figures, orphans } = scene;
  const { uploads } = ended.watch;
  const inState = new Set(state.resources.map(({ id }) => id));
  const live = new Set(scene.organization.certificates().map(({ id }) => id));
  figures.uploads += uploads.length;
  const problems: string[] = [];
  for (const upload of uploads.filter(({ id }) => live.has(id) && !inState.has(id))) {
    const told = ended.failures.join("\n");
    if (ended.how !== "killed" && !(ended.how === "failed" && ended.broken)) {
      figures.losses++;
      problems.push(`${upload.id} was uploaded and is not in state`);
    } else {
      orphans.set(upload.id, upload);
      figures.orphans++;
    }
    if (ended.how === "failed" && !saysMayBeUploaded(told, upload)) {
      problems.push(`${upload.id} may have been uploaded, but no failure says so: ${told}`);
    }
  }
  for (const id of orphans.keys()) {
    if (inState.has(id)) {
      figures.adopted++;
      orphans.delete(id);
    } else if (!live.has(id)) {
      orphans.delete(id);
    }
  }
  return problems;
}

function saysMayBeUploaded(told: string, { name }: Upload): boolean {
  const [, rest = ""] = told.split(`upload of ${JSON.stringify(name)}: it may have been uploaded`);
  return rest.includes("Set adopt: true on this certificate before the next run");
}

/** Within one run no resource is uploaded twice, unless the first was deleted. */
function duplicates(scene: Scene, { program }: PlayedStack, { watch: { uploads } }: Ended): string[] {
  const live = new Set(scene.organization.certificates().map(({ id }) => id));
  const problems = new Set<string>();
  for (const { name, fingerprint } of uploads) {
    const same = uploads.filter((one) => one.name === name && one.fingerprint === fingerprint && live.has(one.id));
    const wanted = [...program.certificates.values()].filter(
      ({ label, anchor }) => label === name && scene.anchor(anchor).fingerprint === fingerprint,
    );
    if (same.length > wanted.length) {
      problems.add(`${same.map(({ id }) => id).join(" and ")} are uploads of one resource`);
    }
  }
  scene.figures.duplicates += problems.size;
  return [...problems];
}

/** An upload beside an orphan with the same content must name that orphan and both ways out. */
function unnamedTwins(scene: Scene, { watch, said }: Ended): string[] {
  return watch.uploads.flatMap(({ fingerprint }) =>
    [...scene.orphans.values()]
      .filter((orphan) => orphan.fingerprint === fingerprint)
      .flatMap(({ id }) => {
        scene.figures.named++;
        return said.includes(`${id} `) && said.includes(`adopt: "${id}" (or adopt: true), or delete it`)
          ? []
          : [`the orphan ${id} is not named with its ways out in:\n${said}`];
      }),
  );
}

/**
 * After a run that stopped half way, an activation answers in state for all that it has activated and for all that it
 * still has to deactivate: what it forgot would be trusted for ever.
 */
function unanswered(scene: Scene, { program, state }: PlayedStack, { watch, disturbed }: Ended): string[] {
  return program.activations.flatMap(({ name, projectId, ignored, members }) => {
    const { managed, live: before } = watch.before(projectId);
    const live = scene.live(projectId);
    const mine = new Set(members.map((member) => state.get(member)?.id));
    const activated = [...(watch.activated.get(projectId) ?? [])].filter((id) => mine.has(id));
    const due = [...activated, ...[...managed].filter((id) => before.has(id))];
    const inState = state.resources.filter(({ id }) => id === (projectId ?? "organization")).flatMap(answeredFor);
    const forgotten = [...new Set(due)].filter((id) => live.has(id) && !ignored.includes(id) && !inState.includes(id));
    return disturbed ? [] : forgotten.map((id) => `${name} does not answer for ${id} any more, which is still active`);
  });
}
