import { anchorOf } from "../program";
import { type Activation, isSame, type View } from "./view";

/** After a whole `up` that went through undisturbed: what is live, what the program says and what state holds are one. */
export function converged(view: View): string[] {
  const { order, how, after } = view.played;
  if (order.operation !== "up" || how !== "done" || !view.isPlain) {
    return [];
  }
  const declared = [...view.certificates, ...view.activations.map(({ spec }) => spec)].map(({ name }) => name);
  return [
    ...differences("resources in state", after.state.map(({ name }) => name).sort(), declared.sort()),
    ...certificates(view),
    ...view.activations.flatMap((one) => activation(view, one)),
  ];
}

function certificates(view: View): string[] {
  const { before, after } = view.played;
  return view.certificates.flatMap((spec) => {
    const { name, label } = spec;
    const { fingerprint } = anchorOf(spec);
    const stored = after.state.find((one) => one.kind === "certificate" && one.name === name);
    const isElsewhere = before.state.some(({ id, provider }) => id === stored?.id && provider !== stored?.provider);
    if (isElsewhere && view.deletes().includes(stored?.id ?? "")) {
      // Of two processes, neither knows what the other one holds (the documentation asks for aliases, and for one provider).
      return [];
    }
    const live = after.live[view.placeOf(spec)].find(({ id }) => id === stored?.id);
    const wanted = { name: label, fingerprint };
    const { name: storedName, fingerprint: storedFingerprint } = stored?.outputs ?? {};
    // Compared with state: what was renamed by hand shows after a refresh.
    const isUnseen =
      view.oldOf(spec, "certificate")?.outputs["name"] === label && view.played.order.flags.refresh !== true;
    return [
      ...differences(`${name} live`, { name: isUnseen ? label : live?.name, fingerprint: live?.fingerprint }, wanted),
      ...differences(`${name} in state`, { name: storedName, fingerprint: storedFingerprint }, wanted),
    ];
  });
}

function activation(view: View, one: Activation): string[] {
  const { spec } = one;
  if (view.tellingDeletions(one).length > 0 || view.isHiddenForGood(one)) {
    return [];
  }
  const together = view.activations.filter((two) => isSame(one, two));
  const wanted = together.flatMap((two) => two.wanted);
  const listed = together.flatMap((two) => two.listed);
  const isLeft = (id: string) =>
    spec.ignored.includes(id) || (together.every((two) => !two.spec.exclusive) && !listed.includes(id));
  const isWaiting = together.some((two) => view.waits(two));
  const held = together.flatMap((two) => two.held);
  const left = [...view.liveBefore(one)].filter((id) => isLeft(id) || isWaiting || held.includes(id));
  const live = [...view.liveAfter(one)].sort();
  const there = new Set(view.played.after.live[one.place].map(({ id }) => id));
  const expected = [...new Set([...wanted, ...left])].filter((id) => there.has(id)).sort();
  const stored = view.played.after.state.find((two) => two.name === spec.name && two.kind !== "certificate");
  const observed = live.filter((id) =>
    spec.exclusive ? !spec.ignored.includes(id) : [...one.wanted, ...one.held].includes(id),
  );
  return [
    ...differences(`${spec.name} live`, live, expected),
    ...differences(
      `${spec.name} in state`,
      [...((stored?.outputs["certificateIds"] as string[]) ?? [])].sort(),
      observed,
    ),
  ];
}

function differences(what: string, found: unknown, expected: unknown): string[] {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)];
  return a === b ? [] : [`${what}: found ${a}, expected ${b}`];
}
