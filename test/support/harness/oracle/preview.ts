import { UNKNOWN } from "../../../../provider/unknown";
import type { Ended } from "../driver";
import type { Effect } from "../world";
import { type Activation, isSame, scopeName, type View } from "./view";

/** What the preview right before a run said, and what that run did, are the same. */
export function preview(view: View): string[] {
  const { preview: before, order } = view.played;
  if (before === undefined || order.operation !== "up") {
    return [];
  }
  return [
    ...refusals(view, before),
    ...unnamed(view, before),
    ...neverDone(view, before),
    ...hedges(view, before),
    ...enforcement(view, before),
    ...plans(view, before),
  ];
}

/** But for a delete, about which the engine asks nobody, and where preview says what it cannot check. */
function refusals(view: View, { failures: [foreseen], said }: Ended): string[] {
  const { failures, how } = view.played;
  const { program, header } = view.setting;
  // Without a header, two names may be of one organization.
  const mayBeMisplaced =
    !header &&
    new Set([...program.certificates, ...program.activations].map(({ organization }) => organization)).size > 1;
  const isLeft = (name: string, text: string) =>
    (text.startsWith("required client ") && /not all requiredClients could be checked|up may refuse this/.test(said)) ||
    (text.startsWith("certificateIds names ") && mayBeMisplaced) ||
    // What was told to deactivate goes before its replacement is created.
    view.activations.some((one) => one.spec.name === name && view.tellingDeletions(one).length > 0);
  const refused = failures.filter(
    ({ phase, name, text }) => foreseen === undefined && phase !== "delete" && !isLeft(name, text),
  );
  return [
    ...refused.map(({ name, text }) => `preview did not refuse ${name}, as the run did: ${text}`),
    ...(foreseen !== undefined && how === "done" && !isMomentary(foreseen.text)
      ? [`preview refused what the run then did: ${foreseen.text}`]
      : []),
  ];
}

/** A lock-out that ends with the run itself, which only preview can prevent. */
function isMomentary(text: string): boolean {
  return text.includes("until this activation has filled its set");
}

/** Lines in which the plan speaks of one activation or deactivation. */
function planLines({ said }: Ended, verb: string): string[] {
  return said.split("\n").filter((line) => new RegExp(`^\\s*[-+] ${verb} `).test(line));
}

const speaksOf = (line: string, { id, name }: Pick<Effect, "id" | "name">) =>
  line.includes(id) || (name !== null && line.includes(JSON.stringify(name)));

/** Words for what the plan does not know. Where the language tells all that is behind the ids, there is nothing not to know. */
const HEDGE = /may be|not known|unless/;

/** Every anchor that is activated or deactivated was named, or it was said which ones it may be. */
function unnamed(view: View, before: Ended): string[] {
  const hedged = /may be|not known/.test(before.said) && view.activations.some(({ spec }) => !spec.hinted);
  // A preview that fails may end before it has come to every set.
  const isReached = ({ project }: Effect) =>
    before.failures.length === 0 ||
    before.said.includes(`active set of ${project === undefined ? "the organization" : `project ${project}`}`);
  const told = (effect: Effect) =>
    planLines(before, effect.kind).some((line) => speaksOf(line, effect)) ||
    !isReached(effect) ||
    // The engine asks nobody before a delete, and `--replace` creates after it.
    view.tellingDeletions(effect).length > 0 ||
    // Of two names of one organization, the one that is checked second is refused, in whichever order that is.
    view.declared.some(
      (one) => isSame(one, effect) && (view.isHiddenForGood(one) || (before.failures.length > 0 && view.isHidden(one))),
    );
  return [...view.effects("activate"), ...view.effects("deactivate")]
    .filter((effect) => !hedged && !told(effect))
    .map(({ id, name, kind }) => `preview did not say that ${id} ${JSON.stringify(name)} would be ${kind}d`);
}

/** Nothing was announced for certain that a run, which went through, did not do. */
function neverDone(view: View, before: Ended): string[] {
  const announced = (kind: "activate" | "deactivate") =>
    planLines(before, kind).filter(
      (line) => !HEDGE.test(line) && !view.effects(kind).some((effect) => speaksOf(line, effect)),
    );
  const lines = view.played.how === "done" ? [...announced("activate"), ...announced("deactivate")] : [];
  return lines.map((line) => `preview announced what the run did not do: ${line.trim()}`);
}

/** A plan that hedges though it knows. */
function hedges(view: View, before: Ended): string[] {
  const knows = before.failures.length === 0 && view.activations.every(({ spec }) => spec.hinted);
  const lines = [...planLines(before, "activate"), ...planLines(before, "deactivate")].filter((line) =>
    HEDGE.test(line),
  );
  return knows ? lines.map((line) => `preview did not know what it could: ${line.trim()}`) : [];
}

/** That enforcement begins or ends is said of the scopes in which it does, and of no other. */
function enforcement(view: View, { said }: Ended): string[] {
  return view.activations.flatMap((one) => {
    const [before, after] = [view.liveBefore(one).size > 0, view.liveAfter(one).size > 0];
    const turned = before === after ? [] : [after ? "ON" : "OFF"];
    const announced = ["ON", "OFF"].filter((word) =>
      labelsOf(one).some((label) => said.includes(` turns ${word} in ${label}:`)),
    );
    const missing = turned.filter((word) => !announced.includes(word));
    const wrong = announced.filter((word) => view.played.how === "done" && !turned.includes(word));
    return view.tellingDeletions(one).length > 0 || !one.spec.hinted
      ? []
      : [
          ...missing.map((word) => `preview did not say that enforcement turns ${word} in ${scopeName(one)}`),
          ...wrong.map((word) => `preview said that enforcement turns ${word} in ${scopeName(one)}, and it did not`),
        ];
  });
}

/** As messages call it; of two names of one organization, by the one that came first. */
function labelsOf({ place, project }: Activation): string[] {
  if (project !== undefined) {
    return [`project ${project}`];
  }
  return place === "eu" ? ['organization "eu"'] : ["the organization", 'organization "main"'];
}

/** What `pulumi up --plan` holds a run to: the operations and the checked inputs that preview has seen. */
function plans({ played: { decided, order } }: View, before: Ended): string[] {
  if (before.failures.length > 0 || order.disturbed) {
    return [];
  }
  return [...decided].flatMap(([name, { op, inputs }]) => {
    const planned = before.decided.get(name);
    if (planned === undefined || (op !== planned.op && op !== "same")) {
      return [`up --plan: ${name} was planned as ${planned?.op ?? "nothing"}, and the run made it ${op}`];
    }
    return [...new Set([...Object.keys(inputs), ...Object.keys(planned.inputs)])]
      .filter((key) => !fits(planned.inputs[key], inputs[key]))
      .map((key) => `up --plan: ${name} violates plan: ${key}`);
  });
}

/** Whether a value is one that the plan allows, in which the sentinel stands for any. */
function fits(planned: unknown, value: unknown): boolean {
  if (Array.isArray(planned) && Array.isArray(value)) {
    return planned.length === value.length && planned.every((one, index) => fits(one, value[index]));
  }
  return planned === UNKNOWN || JSON.stringify(planned) === JSON.stringify(value);
}
