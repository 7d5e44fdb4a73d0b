import { anchorOf, due, placeOf } from "../program";
import { activeIds } from "../world";
import { type Activation, isSame, type View } from "./view";

/** What must be refused went nowhere, and what need not be was not refused. */
export function refusals(view: View): string[] {
  const { how, failures } = view.played;
  const isRefused = how === "failed" && view.isPlain && !mayRefuse(view);
  const told = failures.map(({ text }) => text).join("\n");
  return [...(isRefused ? [`refused, though nothing forbids it: ${told}`] : []), ...lockedOut(view)];
}

/** Whether anything is known because of which the run may end with a refusal. */
function mayRefuse(view: View): boolean {
  const { activations, certificates, played } = view;
  const created = certificates.filter((spec) => view.isToBeCreated(spec));
  const severalTwins = created.some((spec) => spec.adopt === true && view.twins(spec).length > 1);
  const beyondLimit = Object.values(played.before.live).some(({ length }) => length + created.length > 50);
  const inUse = /certificate_in_use|still active/;
  return (
    activations.some((one) => mayRefuseSet(view, one)) ||
    severalTwins ||
    beyondLimit ||
    // Certificates that others use, and targets whose dependencies are left out.
    played.failures.some(({ phase, text }) => phase === "engine" || (phase === "delete" && inUse.test(text)))
  );
}

function mayRefuseSet(view: View, one: Activation): boolean {
  const { spec, place, old, listed } = one;
  const { program, today } = view.setting;
  const members = due(spec, program, today);
  const foreseen = members.flatMap((member) => {
    const stored = view.oldOf(member, "certificate");
    const isKept = stored !== undefined && !view.isToBeCreated(member);
    return isKept ? [stored.id] : member.adopt === undefined ? [] : view.twins(member).map(({ id }) => id);
  });
  const unwanted = [...view.liveBefore(one)].filter((id) => !foreseen.includes(id) && !spec.ignored.includes(id));
  const isReplaced = view.isForced(spec);
  const isNew = old === undefined || old.inputs["exclusive"] === false || isReplaced;
  const isForeign = (id: string) => isReplaced || !listed.includes(id);
  const isThere = (id: string) => view.played.before.live[place].some((live) => live.id === id);
  const anchors = members.map(({ anchor }) => anchor);
  return (
    view.activations.filter((two) => isSame(one, two)).length > 1 ||
    // Others' anchors would be taken away, or enforcement would end.
    (spec.exclusive && !spec.takeOver && isNew && unwanted.some(isForeign)) ||
    (!spec.allowEmpty && members.length === 0 && unwanted.length > 0) ||
    // A required client may be locked out.
    spec.clients.some((client) => !anchors.includes(client) || view.activations.length > 1) ||
    // A certificate of another organization, or one that is ignored.
    program.certificates.some(({ name, ...at }) => spec.members.includes(name) && placeOf(at) !== placeOf(spec)) ||
    foreseen.some((id) => spec.ignored.includes(id)) ||
    // All that was listed is gone, and the API does not say whether the key belongs to another organization.
    (!view.setting.header && listed.length > 0 && !listed.some(isThere))
  );
}

/** A required client that was accepted before a run is accepted after it, whichever activation took away. */
function lockedOut(view: View): string[] {
  const { disturbed, wrongKey } = view.played.order;
  if (!view.isRegistering || disturbed || wrongKey) {
    return [];
  }
  return view.declared.flatMap((one) => {
    const toggles = view.played.effects.filter(({ kind, place }) => kind.endsWith("activate") && place === one.place);
    const lost = one.spec.clients.filter(
      (client) => accepts(view, one, client, "before") && !accepts(view, one, client, "after"),
    );
    // The organization's set decides for a project without one; in another process, nobody knows of the project.
    const isDecidedElsewhere =
      one.project !== undefined &&
      view.liveAfter(one).size === 0 &&
      view.declared.some(
        ({ place, project, spec }) =>
          place === one.place && project === undefined && spec.provider !== one.spec.provider,
      );
    return toggles.length === 0 || view.tellingDeletions(one).length > 0 || view.isHidden(one) || isDecidedElsewhere
      ? []
      : lost.map((client) => `client ${client}, which ${one.spec.name} requires, was locked out`);
  });
}

/** Client n is accepted where an anchor with the DER of anchor n is active; a project without a set of its own has the organization's. */
function accepts(view: View, one: Activation, client: number, moment: "before" | "after"): boolean {
  const live = (project: string | undefined) => activeIds(view.played[moment].live[one.place], project);
  const own = live(one.project);
  const decides = own.size > 0 ? own : live(undefined);
  const { fingerprint: wanted } = anchorOf({ anchor: client });
  return (
    decides.size === 0 ||
    view.played[moment].live[one.place].some(({ id, fingerprint }) => decides.has(id) && fingerprint === wanted)
  );
}
