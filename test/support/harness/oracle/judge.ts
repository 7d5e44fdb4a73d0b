import type { Played } from "../driver";
import type { Program } from "../program";
import { KEYS } from "../world";
import { converged } from "./converged";
import { preview } from "./preview";
import { refusals } from "./refusals";
import { unasked } from "./unasked";
import { uploads } from "./uploads";
import { type Setting, View } from "./view";

/** All that a run did, or said, otherwise than promised. */
export function judge(played: Played, setting: Setting): string[] {
  const view = new View(played, setting);
  const { disturbed } = played.order;
  return [
    // While people change things, who did what cannot be told; nothing crashes even so.
    ...(disturbed ? [] : [...unasked(view), ...uploads(view), ...preview(view), ...refusals(view), ...converged(view)]),
    ...messages(played),
    ...withoutProvider(played),
  ];
}

/** A run that has nothing to do writes nothing and changes nothing, but for names that were changed by hand and a refresh has shown. */
export function judgeIdle({ requests, decided, failures, how, before }: Played, program: Program): string[] {
  const renamed = program.certificates.flatMap(({ name, label }) =>
    before.state.filter((one) => one.kind === "certificate" && one.name === name && one.outputs["name"] !== label),
  );
  const written = requests
    .filter(({ method, path }) => method !== "GET" && !renamed.some(({ id }) => path.endsWith(`/certificates/${id}`)))
    .map(({ method, path }) => `${method} ${path}`);
  const changed = [...decided]
    .filter(([name, { op }]) => op !== (renamed.some((one) => one.name === name) ? "update" : "same"))
    .map(([name, { op }]) => `${name} is ${op}d`);
  const told = how === "done" ? [] : failures.map(({ text }) => text);
  return [...written, ...changed, ...told].map((what) => `a second run had something to do: ${what}`);
}

const RAW = /TypeError|RangeError|SyntaxError|\n\s+at |\bundefined\b|\[object|BEGIN CERTIFICATE|NaN/;

/** What the user reads is meant for users. */
function messages({ said, preview: before }: Played): string[] {
  const text = `${before?.said ?? ""}\n${said}`;
  const leaked = Object.values(KEYS).filter((key) => text.includes(key));
  return [
    ...(RAW.test(text) ? [`a message that no user can read: ${text}`] : []),
    ...leaked.map(() => "the admin key was printed"),
  ];
}

/** Without it a resource can be neither refreshed nor destroyed any more. */
function withoutProvider({ after }: Played): string[] {
  const lost = after.state.filter(({ outputs, inputs }) => !outputs["__provider"] || !inputs["__provider"]);
  return lost.map(({ name }) => `${name} has lost its provider`);
}
