import { anchorOf, type CertificateSpec } from "../program";
import type { View } from "./view";

/** No certificate is there twice unless the program says so, none is taken over unasked, and none is lost. */
export function uploads(view: View): string[] {
  return [...needless(view), ...unsaid(view), ...takenOver(view), ...orphans(view)];
}

function needless(view: View): string[] {
  const problems: string[] = [];
  const needed = view.certificates.filter((spec) => view.isToBeCreated(spec) && !mustAdopt(view, spec));
  for (const { place, fingerprint, name, id } of view.effects("upload")) {
    const index = needed.findIndex(
      (spec) => view.placeOf(spec) === place && anchorOf(spec).fingerprint === fingerprint && spec.label === name,
    );
    if (index < 0) {
      problems.push(`${id} ${JSON.stringify(name)} was uploaded in ${place}, which nothing needed`);
    } else {
      needed.splice(index, 1);
    }
  }
  return problems;
}

/** Whether a certificate with this DER is there that the program says to take over, and no other resource has it. */
function mustAdopt(view: View, spec: CertificateSpec): boolean {
  const twins = view.twins(spec);
  const isFree = (id: string) =>
    !view.played.after.state.some((one) => one.id === id && one.name !== spec.name) &&
    !view.effects("delete").some((effect) => effect.id === id);
  return spec.adopt === true
    ? twins.length === 1 && twins.every(({ id }) => isFree(id))
    : twins.some(({ id }) => id === spec.adopt && isFree(id));
}

/** A twin that is there already is named, in preview too. */
function unsaid(view: View): string[] {
  const { preview, said } = view.played;
  const { disturbed } = view.played.order;
  return view.effects("upload").flatMap(({ place, fingerprint, name, id: uploaded }) => {
    const spec = view.certificates.find((one) => one.label === name && anchorOf(one).fingerprint === fingerprint);
    const own = spec && view.oldOf(spec, "certificate")?.id;
    const twins = view.played.before.live[place].filter((one) => one.fingerprint === fingerprint && one.id !== own);
    const missing = twins.filter(({ id }) => !disturbed && !`${preview?.said ?? ""}\n${said}`.includes(id));
    return missing.map(({ id }) => `nobody was told that ${id} holds the same certificate as the upload ${uploaded}`);
  });
}

function takenOver(view: View): string[] {
  const { before, after } = view.played;
  const known = new Set(before.state.map(({ id }) => id));
  const uploaded = new Set(view.effects("upload").map(({ id }) => id));
  return after.state
    .filter(({ kind, id }) => kind === "certificate" && !known.has(id) && !uploaded.has(id))
    .flatMap(({ name, id, outputs }) => {
      const spec = view.certificates.find((one) => one.name === name);
      const isRight = spec?.adopt !== undefined && outputs["fingerprint"] === anchorOf(spec).fingerprint;
      return isRight ? [] : [`${name} has taken ${id} over, and was not told to`];
    });
}

/** Every upload is in state; only a killed run, or one that an outage ended with a word about it, leaves one behind. */
function orphans(view: View): string[] {
  const { after, how, said, order } = view.played;
  const held = new Set(after.state.map(({ id }) => id));
  const isExcused = how === "killed" || (how === "failed" && order.trouble.brokenFrom !== undefined);
  const lost = view
    .effects("upload")
    .filter(({ id }) => !held.has(id) && !view.effects("delete").some((one) => one.id === id));
  return lost.flatMap(({ id, name }) => {
    if (!isExcused) {
      return [`${id} was uploaded and is not in state`];
    }
    const isSaid = how === "killed" || (said.includes(JSON.stringify(name)) && /may have been uploaded/.test(said));
    return isSaid ? [] : [`${id} may have been uploaded, but no failure says so`];
  });
}
