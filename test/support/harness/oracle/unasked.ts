import { placeOf, type Spec } from "../program";
import { listedIn, type Stored } from "../state";
import type { Effect } from "../world";
import { type Activation, isSame, type Scope, scopeName, type View } from "./view";

/** What a run took away, put in place or forgot though neither the program, nor state, nor the API asked for it. */
export function unasked(view: View): string[] {
  return [
    ...writesOfReaders(view),
    ...view.effects("deactivate").flatMap((effect) => deactivation(view, effect)),
    ...view.effects("activate").flatMap((effect) => activation(view, effect)),
    ...view.effects("delete").flatMap((effect) => deletion(view, effect)),
    ...openings(view),
    ...forgotten(view),
    ...(view.played.order.wrongKey ? writesElsewhere(view) : []),
  ];
}

function writesOfReaders({ played: { order, requests } }: View): string[] {
  const reads = order.operation === "preview" || order.operation === "refresh";
  return requests
    .filter(({ method }) => reads && method !== "GET")
    .map(({ method, path }) => `${order.operation} wrote: ${method} ${path}`);
}

function deactivation(view: View, { id, name, ...scope }: Effect): string[] {
  const told = view
    .tellingDeletions({ place: scope.place, project: scope.project })
    .some((one) => listedIn(one).includes(id));
  const asks = (one: Activation) => isSame(one, { project: undefined, ...scope }) && mayDeactivate(one, id);
  return told || view.activations.some(asks)
    ? []
    : [
        `${id} ${JSON.stringify(name)} was deactivated in ${scopeName({ project: undefined, ...scope })}, which nothing asked for`,
      ];
}

/** Whether an activation's program or state lets it take this one out of the set. */
function mayDeactivate({ spec, old, wanted, listed }: Activation, id: string): boolean {
  if (wanted.includes(id) || spec.ignored.includes(id)) {
    return false;
  }
  const wasExclusive = old !== undefined && old.inputs["exclusive"] !== false;
  return listed.includes(id) || (spec.exclusive && (spec.takeOver || wasExclusive));
}

function activation(view: View, { id, name, ...scope }: Effect): string[] {
  const asks = (one: Activation) =>
    isSame(one, { project: undefined, ...scope }) && one.wanted.includes(id) && !one.spec.ignored.includes(id);
  return view.activations.some(asks)
    ? []
    : [
        `${id} ${JSON.stringify(name)} was activated in ${scopeName({ project: undefined, ...scope })}, which nothing asked for`,
      ];
}

function deletion(view: View, { id }: Effect): string[] {
  const { before, after, order } = view.played;
  const holders = before.state.filter((one) => one.kind === "certificate" && one.id === id);
  const heldAfter = after.state.filter((one) => one.kind === "certificate" && one.id === id && !one.isOld);
  const isTakenNow = heldAfter.some(({ name }) => !holders.some((one) => one.name === name));
  const isDue = holders.some(
    (one) => one.isOld || order.operation === "destroy" || !isDeclared(view, one) || isReplaced(view, one),
  );
  return [
    ...(holders.length === 0 ? [`${id} was deleted, which is not this stack's`] : []),
    ...(isTakenNow ? [`${id} was deleted, though ${heldAfter[0]?.name} has just taken it`] : []),
    ...(holders.length > 0 && !isDue ? [`${id} was deleted, though the program still declares it`] : []),
  ];
}

function isDeclared({ setting: { program } }: View, { name }: Stored): boolean {
  return program.certificates.some((spec) => spec.name === name || spec.aliases.includes(name));
}

function isReplaced(view: View, { name, id }: Stored): boolean {
  const now = view.setting.program.certificates.find((spec) => spec.name === name || spec.aliases.includes(name));
  const after = now && view.idAfter(now.name);
  return after !== undefined && after !== id;
}

/** Enforcement ends nowhere unless the program allows it, or was told to beforehand; not even for a moment. */
function openings(view: View): string[] {
  const scopes: Scope[] = [
    ...new Map(
      view.effects("deactivate").map(({ place, project }) => [`${place} ${project}`, { place, project }] as const),
    ).values(),
  ];
  return scopes.flatMap((scope) => {
    const live = view.liveBefore(scope);
    const isAllowed =
      view.tellingDeletions(scope).length > 0 ||
      view.activations.some((one) => isSame(one, scope) && one.spec.allowEmpty && one.wanted.length === 0);
    const opens = view.played.effects.some(({ kind, id, place, project }) => {
      if (isSame({ place, project }, scope) && kind === "activate") {
        live.add(id);
      } else if (isSame({ place, project }, scope) && kind === "deactivate") {
        live.delete(id);
      }
      return live.size === 0 && kind === "deactivate";
    });
    return opens && !isAllowed ? [`enforcement ended in ${scopeName(scope)}, which nothing allowed`] : [];
  });
}

/** State lets go of a certificate only when it is gone, and of an activation only when the program does. */
function forgotten(view: View): string[] {
  const { before, after, order } = view.played;
  const held = new Set(after.state.map(({ id }) => id));
  const lost = before.state.filter(({ kind, id }) => kind === "certificate" && !held.has(id));
  const isLive = ({ id, inputs }: Stored) => after.live[placeOf(inputs)].some((one) => one.id === id);
  const keeps = order.operation === "refresh";
  // Where the API does not say whose key it is, a certificate that is not there counts as deleted, but for a refresh.
  const isExcused = order.wrongKey && !view.setting.header && !keeps;
  const activations = before.state.filter(({ kind }) => kind !== "certificate" && keeps);
  return [
    ...lost
      .filter((one) => isLive(one) && !isExcused)
      .map(({ id, name }) => `state has forgotten ${name} (${id}), which is still there`),
    ...activations.flatMap((old) => {
      const now = after.state.find(({ kind, name }) => kind === old.kind && name === old.name);
      if (now === undefined) {
        return [`a refresh dropped the activation ${old.name} from state`];
      }
      const strangers = listedIn(now).filter((id) => !listedIn(old).includes(id));
      return strangers.map((id) => `a refresh made ${id} ${old.name}'s own`);
    }),
  ];
}

/** Not in state, or asked to be made anew; of `--replace` the provider sees a first creation. */
function isNewHere({ played: { order } }: View, spec: Spec, old: Stored | undefined): boolean {
  const isForced = order.flags.replace?.includes(spec.name) ?? false;
  return old === undefined || isForced || old.inputs["organization"] !== spec.organization;
}

/**
 * With another organization's key, nothing happens there but for what is new to the program; where the API does not say whose
 * key it is, a certificate that is not there may be uploaded again, and activations ask.
 */
function writesElsewhere(view: View): string[] {
  return view.played.effects
    .filter(({ place }) => place === "empty")
    .flatMap((effect) => {
      const { kind, fingerprint, id, ...scope } = effect;
      const isNew =
        kind === "upload"
          ? !view.setting.header ||
            view.certificates.some((spec) => isNewHere(view, spec, view.oldOf(spec, "certificate")))
          : view.activations.some(
              (one) => isSame(one, { project: undefined, ...scope }) && isNewHere(view, one.spec, one.old),
            );
      return isNew && kind !== "delete" ? [] : [`${kind} of ${id} in another organization than state speaks of`];
    });
}
