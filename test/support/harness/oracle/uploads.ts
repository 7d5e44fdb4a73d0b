import { anchorOf, type CertificateSpec } from "../program";
import type { Effect } from "../world";
import type { View } from "./view";

/** No certificate is there twice unless the program says so, none is taken over unasked, and none is lost. */
export function uploads(view: View): string[] {
  return [
    ...needless(view),
    ...view.effects("upload").flatMap((upload) => [...unsaid(view, upload), ...orphan(view, upload)]),
    ...takenOver(view),
  ];
}

function isOf(view: View, { place, fingerprint, name }: Effect, spec: CertificateSpec): boolean {
  return view.placeOf(spec) === place && anchorOf(spec).fingerprint === fingerprint && spec.label === name;
}

function needless(view: View): string[] {
  const needed = view.certificates.filter((spec) => view.isToBeCreated(spec) && !mustAdopt(view, spec));
  return view.effects("upload").flatMap((upload) => {
    const index = needed.findIndex((spec) => isOf(view, upload, spec));
    const isNeeded = index >= 0 && needed.splice(index, 1);
    return isNeeded
      ? []
      : [`${upload.id} ${JSON.stringify(upload.name)} was uploaded in ${upload.place}, which nothing needed`];
  });
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
function unsaid(view: View, upload: Effect): string[] {
  const { preview, said, before, order } = view.played;
  const spec = view.certificates.find((one) => isOf(view, upload, one));
  const own = spec && view.oldOf(spec, "certificate")?.id;
  const told = `${preview?.said ?? ""}\n${said}`;
  return before.live[upload.place]
    .filter(
      ({ id, fingerprint }) =>
        fingerprint === upload.fingerprint && id !== own && !told.includes(id) && !order.disturbed,
    )
    .map(({ id }) => `nobody was told that ${id} holds the same certificate as the upload ${upload.id}`);
}

/** Every upload is in state; only a killed run, or one that an outage ended with a word about it, leaves one behind. */
function orphan(view: View, { id, name }: Effect): string[] {
  const { after, how, said, order } = view.played;
  if (
    how === "killed" ||
    after.state.some((one) => one.id === id) ||
    view.effects("delete").some((one) => one.id === id)
  ) {
    return [];
  }
  if (how === "done" || order.trouble.brokenFrom === undefined) {
    return [`${id} was uploaded and is not in state`];
  }
  const isSaid = said.includes(JSON.stringify(name)) && /may have been uploaded/.test(said);
  return isSaid ? [] : [`${id} may have been uploaded, but no failure says so`];
}

function takenOver(view: View): string[] {
  const { before, after } = view.played;
  const known = new Set([...before.state, ...view.effects("upload")].map(({ id }) => id));
  const taken = after.state.filter(({ kind, id }) => kind === "certificate" && !known.has(id));
  return taken.flatMap(({ name, id, outputs }) => {
    const spec = view.certificates.find((one) => one.name === name);
    const isRight = spec?.adopt !== undefined && outputs["fingerprint"] === anchorOf(spec).fingerprint;
    return isRight ? [] : [`${name} has taken ${id} over, and was not told to`];
  });
}
