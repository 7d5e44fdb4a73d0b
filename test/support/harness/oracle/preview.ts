import { UNKNOWN } from "../../../../provider/unknown";
import type { Decided, Failure } from "../fakeEngine";
import type { Effect } from "../world";
import { scopeName, type View } from "./view";

/** What the preview right before a run said, and what that run did, are the same. */
export function preview(view: View): string[] {
  const { preview: before, order } = view.played;
  if (before === undefined || order.operation !== "up") {
    return [];
  }
  return [...refusalsOf(view), ...unnamed(view), ...neverDone(view), ...enforcement(view), ...plans(view)];
}

const REFUSING: readonly Failure["phase"][] = ["check", "diff", "create", "update", "read", "engine"];

function refusalsOf({ played: { preview: before, failures, how } }: View): string[] {
  const refused = failures.filter(({ phase }) => REFUSING.includes(phase));
  const foreseen = before?.failures ?? [];
  return [
    ...(foreseen.length === 0
      ? refused.map(({ name, text }) => `preview did not refuse ${name}, as the run did: ${text}`)
      : []),
    ...(foreseen.length > 0 && how === "done" ? [`preview refused what the run then did: ${foreseen[0]?.text}`] : []),
  ];
}

/** Text in which the plan speaks of one activation or deactivation. */
function planLines(said: string, verb: string): string[] {
  return said.split("\n").filter((line) => new RegExp(`^\\s*[-+] ${verb} `).test(line));
}

const speaksOf = (line: string, { id, name }: Pick<Effect, "id" | "name">) =>
  line.includes(id) || (name !== null && line.includes(JSON.stringify(name)));

/** Every anchor that is activated or deactivated was named, or it was said which ones it may be. */
function unnamed(view: View): string[] {
  const said = view.played.preview?.said ?? "";
  return view.played.effects.flatMap((effect) => {
    const { kind, id, name } = effect;
    const isToggle = kind === "activate" || kind === "deactivate";
    const hedged = /may be|not known/.test(said) && view.activations.some(({ spec }) => !spec.hinted);
    const told = !isToggle || hedged || planLines(said, kind).some((line) => speaksOf(line, effect));
    // The engine asks nobody before a delete, and `--replace` creates after it.
    return told || view.tellingDeletions(effect).length > 0
      ? []
      : [`preview did not say that ${id} ${JSON.stringify(name)} would be ${kind}d`];
  });
}

/** Nothing was announced for certain that a run, which went through, did not do. */
function neverDone(view: View): string[] {
  const { preview: before, how, effects } = view.played;
  if (how !== "done") {
    return [];
  }
  return (["activate", "deactivate"] as const).flatMap((kind) => {
    const done = effects.filter((effect) => effect.kind === kind);
    return planLines(before?.said ?? "", kind)
      .filter((line) => !/may be|not known|unless/.test(line) && !done.some((effect) => speaksOf(line, effect)))
      .map((line) => `preview announced what the run did not do: ${line.trim()}`);
  });
}

function enforcement(view: View): string[] {
  const said = view.played.preview?.said ?? "";
  return view.activations.flatMap((one) => {
    const [before, after] = [view.liveBefore(one).size > 0, view.liveAfter(one).size > 0];
    const word = after ? "turns ON" : "turns OFF";
    const isSaid = before === after || said.includes(word) || view.tellingDeletions(one).length > 0 || !one.spec.hinted;
    return isSaid ? [] : [`preview did not say that enforcement ${word} in ${scopeName(one)}`];
  });
}

/** What `pulumi up --plan` holds a run to: the operations and the checked inputs that preview has seen. */
function plans({ played: { preview: before, decided, order } }: View): string[] {
  if (before === undefined || before.failures.length > 0 || order.disturbed) {
    return [];
  }
  return [...decided].flatMap(([name, { op, inputs }]) => {
    const planned = before.decided.get(name);
    const isAllowed = planned !== undefined && (op === planned.op || op === "same");
    const keys = [...new Set([...Object.keys(inputs), ...Object.keys(planned?.inputs ?? {})])];
    const violated = keys.filter((key) => planned !== undefined && !fits(planned.inputs[key], inputs[key]));
    return [
      ...(isAllowed ? [] : [`up --plan: ${name} was to be ${describe(planned)}, and was ${op}d`]),
      ...violated.map((key) => `up --plan: ${name} violates plan: ${key}`),
    ];
  });
}

const describe = (planned: Decided | undefined) => (planned === undefined ? "left alone" : `${planned.op}d`);

/** Whether a value is one that the plan allows, in which the sentinel stands for any. */
function fits(planned: unknown, value: unknown): boolean {
  if (planned === UNKNOWN) {
    return true;
  }
  if (Array.isArray(planned) && Array.isArray(value)) {
    return planned.length === value.length && planned.every((one, index) => fits(one, value[index]));
  }
  return JSON.stringify(planned) === JSON.stringify(value);
}
