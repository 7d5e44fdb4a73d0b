import * as pulumi from "@pulumi/pulumi";
import type { Anchor } from "./anchor";
import { readFolder } from "./folder";
import { type AnchorMap, readMap } from "./map";
import { Twins } from "./twins";

/** The anchors of a component, in the order of their keys. */
export interface Given {
  readonly anchors: readonly Anchor[];
  readonly twins: Twins;
  readonly warnings: readonly string[];
}

/**
 * Reads the anchors of the component `name`. Refusals depend only on what is given, never on the day, so that a program
 * that ran once does not fail later because time passes. Throws a RunError that lists everything that is wrong.
 */
export function readAnchors(name: string, given: string | AnchorMap): Given {
  const { anchors, problems, warnings } = typeof given === "string" ? readFolder(given) : readMap(given);
  const twins = new Twins();
  const same = anchors.map(({ parsed, where }) => parsed && twins.claim(parsed.fingerprint, where));
  const all = [...problems, ...same.filter((problem) => problem !== undefined)];
  if (all.length > 0) {
    const lines = all.length === 1 ? ` ${all[0]}` : `\n${all.map((problem) => `  - ${problem}`).join("\n")}`;
    throw new pulumi.RunError(`TrustAnchors "${name}":${lines}`);
  }
  return { anchors: [...anchors].sort((a, b) => (a.key < b.key ? -1 : 1)), twins, warnings };
}
