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
    ...view.deletes().flatMap((id) => deletion(view, id)),
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

function deactivation(view: View, effect: Effect): string[] {
  const { id, name } = effect;
  const told = view.tellingDeletions(effect);
  if (told.some((one) => listedIn(one).includes(id))) {
    return [];
  }
  const what = `${id} ${JSON.stringify(name)} was deactivated in ${scopeName(effect)}`;
  const asks = (one: Activation) => isSame(one, effect) && view.mayDeactivate(one, id);
  const wants = (one: Activation) =>
    isSame(one, effect) &&
    [...one.wanted, ...one.held].includes(id) &&
    !view.isHidden(one) &&
    (view.isMeant(one.spec) || one.listed.includes(id));
  return [
    ...(view.activations.some(asks) ? [] : [`${what}, which nothing asked for`]),
    ...view.declared.filter(wants).map(({ spec }) => `${what}, though ${spec.name} wants it`),
  ];
}

function activation(view: View, effect: Effect): string[] {
  const { id, name } = effect;
  const asks = ({ wanted, spec }: Activation) => wanted.includes(id) && !spec.ignored.includes(id);
  return view.activations.some((one) => isSame(one, effect) && asks(one))
    ? []
    : [`${id} ${JSON.stringify(name)} was activated in ${scopeName(effect)}, which nothing asked for`];
}

/** Judged by what was tried: that a certificate is in use must not be what saves it. */
function deletion(view: View, id: string): string[] {
  const { before, after, order } = view.played;
  const holders = before.state.filter((one) => one.kind === "certificate" && one.id === id);
  if (holders.length === 0) {
    return [`${id} was to be deleted, which is not this stack's`];
  }
  const isKept = (one: Stored) =>
    order.operation === "destroy"
      ? !view.isMeant(one)
      : view.setting.program.certificates.some(({ name, aliases }) => [name, ...aliases].includes(one.name));
  // Of two processes, neither knows what the other one holds (the documentation asks for aliases, and for one provider).
  const keeper = after.state.find(
    (one) =>
      one.kind === "certificate" &&
      one.id === id &&
      !one.isOld &&
      isKept(one) &&
      holders.some(({ provider }) => provider === one.provider),
  );
  const isDue = holders.some((one) => {
    const spec = view.setting.program.certificates.find(({ name, aliases }) => [name, ...aliases].includes(one.name));
    const now = spec && view.idAfter(spec);
    const isReplacedElsewhere = spec !== undefined && view.isForced(spec) && spec.provider !== one.provider;
    return (
      isReplacedElsewhere ||
      one.isOld ||
      order.operation === "destroy" ||
      spec === undefined ||
      (now !== undefined && now !== id)
    );
  });
  return [
    ...(keeper === undefined ? [] : [`${id} was to be deleted, though ${keeper.name} holds it`]),
    ...(isDue ? [] : [`${id} was to be deleted, though the program still declares it`]),
  ];
}

/** Enforcement ends nowhere unless the program allows it, or was told to beforehand; not even for a moment. */
function openings(view: View): string[] {
  const scopes = new Map(view.effects("deactivate").map((effect) => [scopeName(effect), effect] as const));
  return [...scopes].flatMap(([name, scope]) => {
    const live = view.liveBefore(scope);
    const isAllowed =
      view.tellingDeletions(scope).length > 0 ||
      view.activations.some((one) => isSame(one, scope) && one.spec.allowEmpty && view.isEmpty(one.spec));
    const opens = view.played.effects.some((effect) => {
      if (isSame(effect, scope) && effect.kind === "activate") {
        live.add(effect.id);
      } else if (isSame(effect, scope) && effect.kind === "deactivate") {
        live.delete(effect.id);
      }
      return live.size === 0 && effect.kind === "deactivate";
    });
    return opens && !isAllowed ? [`enforcement ended in ${name}, which nothing allowed`] : [];
  });
}

/** State lets go of a certificate only when it is gone, and of an activation only when the program does. */
function forgotten(view: View): string[] {
  const { before, after, order } = view.played;
  const held = new Set(after.state.map(({ id }) => id));
  const isRefresh = order.operation === "refresh";
  // Where the API does not say whose key it is, a certificate that is not there counts as deleted, but for a refresh.
  const isExcused = order.wrongKey && !view.setting.header && !isRefresh;
  return before.state.flatMap((old) => {
    const { kind, id, name, inputs } = old;
    if (kind === "certificate") {
      const isLive = after.live[placeOf(inputs)].some((one) => one.id === id);
      return held.has(id) || !isLive || isExcused ? [] : [`state has forgotten ${name} (${id}), which is still there`];
    }
    const now = after.state.find((one) => one.kind === kind && one.name === name);
    const strangers = now === undefined ? [] : listedIn(now).filter((one) => !listedIn(old).includes(one));
    return isRefresh
      ? [
          ...(now === undefined ? [`a refresh dropped the activation ${name} from state`] : []),
          ...strangers.map((one) => `a refresh made ${one} ${name}'s own`),
        ]
      : [];
  });
}

/**
 * With another organization's key, nothing happens there but for what is new to the program; where the API does not say whose
 * key it is, a certificate that is not there may be uploaded again, and activations ask.
 */
function writesElsewhere(view: View): string[] {
  const isNew = (spec: Spec, old: Stored | undefined) =>
    old === undefined || view.isForced(spec) || old.inputs["organization"] !== spec.organization;
  const mayUpload =
    !view.setting.header || view.certificates.some((spec) => isNew(spec, view.oldOf(spec, "certificate")));
  const mayToggle = (scope: Scope) => view.activations.some((one) => isSame(one, scope) && isNew(one.spec, one.old));
  return view.played.effects
    .filter(
      (effect) =>
        effect.place === "empty" &&
        !(effect.kind === "upload" ? mayUpload : effect.kind.endsWith("activate") && mayToggle(effect)),
    )
    .map(({ kind, id }) => `${kind} of ${id} in another organization than state speaks of`);
}
