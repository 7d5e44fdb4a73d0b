import { anchorOf, due, placeOf } from "../program";
import { type Activation, isSame, type View } from "./view";

/** What must be refused went nowhere, and what need not be was not refused. */
export function refusals(view: View): string[] {
  const { how, failures } = view.played;
  const reasons = reasonsToRefuse(view);
  const told = failures.map(({ text }) => text).join("\n");
  return [
    ...(how === "failed" && view.isPlain && reasons.length === 0
      ? [`refused, though nothing forbids it: ${told}`]
      : []),
    ...lockedOut(view),
  ];
}

/** Why the run may end with a refusal, as far as the model knows. */
function reasonsToRefuse(view: View): string[] {
  const { activations, certificates, played } = view;
  const reason = (text: string, holds: boolean) => (holds ? [text] : []);
  return [
    ...activations.flatMap((one) => [
      ...reason("two activations of one scope", activations.filter((two) => isSame(one, two)).length > 1),
      ...reason("others' anchors", takesOver(view, one)),
      ...reason("ends enforcement", one.spec.allowEmpty === false && empties(view, one)),
      ...reason("locks out a client", one.spec.clients.length > 0 && wouldLockOut(view, one)),
      ...reason("another organization's certificate", crosses(view, one)),
      ...reason(
        "wanted and ignored",
        foreseen(view, one).some((id) => one.spec.ignored.includes(id)),
      ),
      ...reason("nothing says whose organization it is", isUnclear(view, one)),
    ]),
    ...reason(
      "several twins",
      certificates.some((spec) => spec.adopt === true && view.isToBeCreated(spec) && view.twins(spec).length > 1),
    ),
    ...reason(
      "the cap",
      Object.values(played.before.live).some(
        ({ length }) => length + certificates.filter((spec) => view.isToBeCreated(spec)).length > 50,
      ),
    ),
    ...reason(
      "in use",
      played.failures.some(({ phase, text }) => phase === "delete" && /certificate_in_use|still active/.test(text)),
    ),
    ...reason(
      "a target's dependencies",
      played.failures.some(({ phase }) => phase === "engine"),
    ),
  ];
}

/** Wanted ids, as far as they are known before the run. */
function foreseen(view: View, { spec }: Activation): string[] {
  return due(spec, view.setting.program, view.setting.today).flatMap((member) => {
    const old = view.oldOf(member, "certificate");
    const isKept = old !== undefined && !view.isToBeCreated(member);
    return isKept ? [old.id] : member.adopt === undefined ? [] : view.twins(member).map(({ id }) => id);
  });
}

/** Ids that are live in a scope and that its program does not want. */
function unwanted(view: View, one: Activation): string[] {
  const kept = [...foreseen(view, one), ...one.spec.ignored];
  return [...view.liveBefore(one)].filter((id) => !kept.includes(id));
}

/** All that was listed is gone, and the API does not say whether the key belongs to another organization. */
function isUnclear(view: View, { listed, place }: Activation): boolean {
  const there = view.certificatesBefore(place).map(({ id }) => id);
  return !view.setting.header && listed.length > 0 && !listed.some((id) => there.includes(id));
}

function takesOver(view: View, one: Activation): boolean {
  const { spec, old, listed } = one;
  const isReplaced = view.played.order.flags.replace?.includes(spec.name) ?? false;
  const isNew = old === undefined || old.inputs["exclusive"] === false || isReplaced;
  return (
    spec.exclusive && !spec.takeOver && isNew && unwanted(view, one).some((id) => isReplaced || !listed.includes(id))
  );
}

function empties(view: View, one: Activation): boolean {
  return due(one.spec, view.setting.program, view.setting.today).length === 0 && unwanted(view, one).length > 0;
}

function crosses(view: View, { spec }: Activation): boolean {
  return view.setting.program.certificates.some(
    (one) => spec.members.includes(one.name) && placeOf(one) !== placeOf(spec),
  );
}

/** Client n is accepted where an anchor with the DER of anchor n is active; a project without a set of its own has the organization's. */
function accepts(view: View, one: Activation, client: number, moment: "before" | "after"): boolean {
  const live = moment === "before" ? view.liveBefore(one) : view.liveAfter(one);
  const inherited = { place: one.place, project: undefined };
  const decides = live.size > 0 ? live : moment === "before" ? view.liveBefore(inherited) : view.liveAfter(inherited);
  const all = view.played[moment].live[one.place];
  const wanted = anchorOf({ anchor: client } as Parameters<typeof anchorOf>[0]).fingerprint;
  return decides.size === 0 || all.some(({ id, fingerprint }) => decides.has(id) && fingerprint === wanted);
}

function wouldLockOut(view: View, one: Activation): boolean {
  const { program, today } = view.setting;
  const anchors = due(one.spec, program, today).map(({ anchor }) => anchor);
  return one.spec.clients.some((client) => !anchors.includes(client)) || view.activations.length > 1;
}

/** A required client that was accepted before a run is accepted after it, whichever activation took away. */
function lockedOut(view: View): string[] {
  const { program, projects } = view.setting;
  const { disturbed, wrongKey } = view.played.order;
  if (!view.isRegistering || disturbed || wrongKey) {
    return [];
  }
  return program.activations.flatMap((spec) => {
    const place = placeOf(spec);
    const one = {
      spec,
      place,
      project: spec.isProject ? projects[place] : undefined,
      old: undefined,
      wanted: [],
      listed: [],
    };
    const changed = view.effects("deactivate").filter((effect) => effect.place === place);
    const added = view.effects("activate").filter((effect) => effect.place === place);
    const lost = spec.clients.filter(
      (client) =>
        changed.length + added.length > 0 &&
        accepts(view, one, client, "before") &&
        !accepts(view, one, client, "after"),
    );
    // Where two names are one organization, only provider processes that check both activations can tell.
    const rival = program.activations.some(
      (two) => two.organization !== spec.organization && two.isProject === spec.isProject && placeOf(two) === place,
    );
    const told = view.tellingDeletions(one).length > 0 || (rival && !view.isWhole);
    return told ? [] : lost.map((client) => `client ${client}, which ${spec.name} requires, was locked out`);
  });
}
