import { EngineError } from "./failure";
import { WAYS, type Way } from "./types";

/**
 * The ways to an engine that may be tried, in their fixed order: all, or those which `PULUMI_OPENAI_ENGINE` names, separated by
 * commas (`build`: the pinned version, whatever is installed).
 * @throws EngineError for a name that is none.
 */
export function chosenWays(env: NodeJS.ProcessEnv): Way[] {
  const chosen = (env["PULUMI_OPENAI_ENGINE"] ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
  const unknown = chosen.find((name) => !(WAYS as readonly string[]).includes(name));
  if (unknown !== undefined) {
    throw new EngineError(
      `PULUMI_OPENAI_ENGINE names ${JSON.stringify(unknown)}, which is not a known way to an engine: use ${WAYS.join(", ")}, or leave it unset.`,
    );
  }
  return WAYS.filter((way) => chosen.length === 0 || chosen.includes(way));
}
