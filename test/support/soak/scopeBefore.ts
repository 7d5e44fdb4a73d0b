import type { ActivationSpec } from "./program";
import type { PlayedStack, Scene } from "./scene";
import type { Stored } from "./stateFile";

/** One scope (the organization or a project) as it was before a run, and what the run's program says of it. */
export interface ScopeBefore {
  readonly spec: ActivationSpec;
  readonly live: ReadonlySet<string>;
  /** Live before, and wanted afterwards: at no moment may one of these be inactive. */
  readonly kept: readonly string[];
  /** What this stack answered for and may take away again, whether or not the activation is exclusive. */
  readonly managed: ReadonlySet<string>;
  /** What an activation under another name answered for, which this program has no more. */
  readonly handedOver: ReadonlySet<string>;
}

export function scopeBefore(scene: Scene, { state, program }: PlayedStack, spec: ActivationSpec): ScopeBefore {
  const live = scene.live(spec.projectId);
  const kept = spec.members.flatMap((member) => {
    const stored = state.get(member);
    const wanted = program.certificates.get(member);
    const same = stored?.outputs["fingerprint"] === scene.anchor(wanted?.anchor ?? -1)?.fingerprint;
    return stored !== undefined && same && live.has(stored.id) ? [stored.id] : [];
  });
  const activations = state.resources.filter((one) => one.id === (spec.projectId ?? "organization"));
  const own = activations.filter(({ name }) => name === spec.name);
  const handedOver = activations.filter(({ name }) => name !== spec.name).flatMap(answeredFor);
  // Under an exclusive activation others' anchors may have got into state: none is taken away by ceasing to be exclusive.
  const takesAway = own.filter(({ outputs }) => spec.exclusive || outputs["exclusive"] === false).flatMap(answeredFor);
  return { spec, live, kept, managed: new Set([...takesAway, ...handedOver]), handedOver: new Set(handedOver) };
}

export function answeredFor({ outputs }: Stored): string[] {
  return outputs["certificateIds"] as string[];
}
