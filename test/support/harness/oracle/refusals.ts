import type { Failure } from "../fakeEngine";
import { anchorOf, type CertificateSpec, isReplaced, placeOf } from "../program";
import { activeIds, PLACES } from "../world";
import { type Activation, isSame, type Scope, type View } from "./view";

/** What must be refused went nowhere, and what need not be was not refused. */
export function refusals(view: View): string[] {
  const failures = view.isPlain ? view.played.failures : [];
  const isDelete = ({ phase }: Failure) => phase === "delete";
  const refused = mayRefuse(view) ? [] : failures.filter((one) => !isDelete(one));
  const kept = failures.filter((one) => isDelete(one) && !isUsedByOthers(view, one));
  const told = [...refused, ...kept].map(({ text }) => text).join("\n");
  return [...(told === "" ? [] : [`refused, though nothing forbids it: ${told}`]), ...lockedOut(view)];
}

/** Whether what could not be deleted is active only where no activation of the run was to end that. */
function isUsedByOthers(view: View, { text }: Failure): boolean {
  const kept = [...text.matchAll(/(cert_\w+) [^\n]*still active/g)].map(([, id = ""]) => id);
  const scopes = PLACES.flatMap((place) =>
    [undefined, view.setting.projects[place]].map((project): Scope => ({ place, project })),
  );
  const isOurs = (scope: Scope, id: string) =>
    view.liveAfter(scope).has(id) && view.activations.some((one) => isSame(one, scope) && view.mayDeactivate(one, id));
  return kept.length > 0 && kept.every((id) => !scopes.some((scope) => isOurs(scope, id)));
}

/** Whether anything is known because of which the run may end with a refusal. */
function mayRefuse(view: View): boolean {
  const { activations, certificates, played } = view;
  const created = certificates.filter((spec) => view.isToBeCreated(spec));
  const severalTwins = created.some((spec) => spec.adopt === true && view.twins(spec).length > 1);
  // A filter does not move along, so its certificate is not replaced in place.
  const isFiltered = (spec: CertificateSpec) => {
    const old = spec.celFilter && view.oldOf(spec, "certificate");
    return old !== undefined && isReplaced(old, spec);
  };
  const beyondLimit = Object.values(played.before.live).some(({ length }) => length + created.length > 50);
  return (
    activations.some((one) => mayRefuseSet(view, one)) || severalTwins || certificates.some(isFiltered) || beyondLimit
  );
}

function mayRefuseSet(view: View, one: Activation): boolean {
  const { spec, place, old, listed } = one;
  const { program } = view.setting;
  const members = view.due(spec);
  const foreseen = members.flatMap((member) => {
    const stored = view.oldOf(member, "certificate");
    const isKept = stored !== undefined && !view.isToBeCreated(member);
    return isKept ? [stored.id] : member.adopt === undefined ? [] : view.twins(member).map(({ id }) => id);
  });
  const known = [...foreseen, ...spec.literals, ...spec.ignored];
  const unwanted = [...view.liveBefore(one)].filter((id) => !known.includes(id));
  const isNew = old === undefined || old.outputs["exclusive"] === false;
  const isForeign = (id: string) => !listed.includes(id);
  const isThere = (id: string) => view.played.before.live[place].some((live) => live.id === id);
  const anchors = members.filter(({ celFilter }) => celFilter === undefined).map(({ anchor }) => anchor);
  return (
    view.activations.filter((two) => isSame(one, two)).length > 1 ||
    // Others' anchors would be taken away, or enforcement would end.
    (spec.exclusive && !spec.takeOver && isNew && unwanted.some(isForeign)) ||
    (!spec.allowEmpty && view.isEmpty(spec) && unwanted.length > 0) ||
    // A required client may be locked out.
    spec.clients.some((client) => !anchors.includes(client) || view.activations.length > 1) ||
    // A certificate of another organization, or that is gone, or one that is ignored.
    program.certificates.some(({ name, ...at }) => spec.members.includes(name) && placeOf(at) !== placeOf(spec)) ||
    !spec.literals.every(isThere) ||
    [...foreseen, ...spec.literals].some((id) => spec.ignored.includes(id)) ||
    // All that was listed is gone, and the API does not say whether the key belongs to another organization.
    (!view.setting.header && listed.length > 0 && !listed.some(isThere))
  );
}

/**
 * A required client that is accepted before and after a run is accepted all the time, and one that was accepted before is so
 * afterwards, whichever activation took away.
 */
function lockedOut(view: View): string[] {
  const { disturbed, wrongKey } = view.played.order;
  if (!view.isRegistering || disturbed || wrongKey) {
    return [];
  }
  return view.declared.flatMap((one) => {
    const moments = setsOf(view, one);
    const lost = one.spec.clients.flatMap((client) => {
      const [before, ...later] = moments.map((sets) => accepts(sets, client));
      const when = later.at(-1) === false ? "" : " for a moment";
      return before && later.includes(false)
        ? [`client ${client}, which ${one.spec.name} requires, was locked out${when}`]
        : [];
    });
    // The organization's set decides for a project without one; in another process, nobody knows of the project.
    const isDecidedElsewhere =
      one.project !== undefined &&
      view.liveAfter(one).size === 0 &&
      view.declared.some(
        ({ place, project, spec }) =>
          place === one.place && project === undefined && spec.provider !== one.spec.provider,
      );
    return view.tellingDeletions(one).length > 0 || view.isHidden(one) || isDecidedElsewhere ? [] : lost;
  });
}

/** Fingerprints of what is active: where a project has a set of its own, of that one, else of the organization's. */
type Sets = { readonly own: readonly string[]; readonly organization: readonly string[] };

/** What decides for an activation's clients, before the run and after each of its requests that changed a set. */
function setsOf({ played: { before, effects } }: View, { place, project }: Activation): Sets[] {
  const active = new Map<string | undefined, Map<string, string>>();
  const now = (scope: string | undefined) => [...(active.get(scope)?.values() ?? [])];
  for (const scope of [undefined, project]) {
    const ids = activeIds(before.live[place], scope);
    active.set(
      scope,
      new Map(before.live[place].flatMap(({ id, fingerprint }) => (ids.has(id) ? [[id, fingerprint]] : []))),
    );
  }
  const sets = () => ({ own: now(project), organization: now(undefined) });
  const moments = [sets()];
  for (const [index, effect] of effects.entries()) {
    const of = effect.place === place ? active.get(effect.project) : undefined;
    if (effect.kind === "activate") {
      of?.set(effect.id, effect.fingerprint);
    } else if (effect.kind === "deactivate") {
      of?.delete(effect.id);
    }
    if (effects[index + 1]?.moment !== effect.moment) {
      moments.push(sets());
    }
  }
  return moments;
}

/** Client n is a leaf that anchor n has issued, and every anchor is valid: it is accepted where one with that DER is active. */
function accepts({ own, organization }: Sets, client: number): boolean {
  const decides = own.length > 0 ? own : organization;
  return decides.length === 0 || decides.includes(anchorOf({ anchor: client }).fingerprint);
}
