import { type Environment, type Resolved, resolveSettings, type Settings } from "../../../provider/settings";

/** Settings as a stack configuration (keys without their namespace) and an environment make them. */
export function settings(config: Record<string, unknown>, env: Environment = {}): Settings {
  return resolveSettings((key) => config[key.replace(/^openai:/, "")], env);
}

function resolved(settings: Settings, name = ""): Resolved {
  const found = settings.get(name);
  if (found === undefined) {
    throw new Error(`no organization ${name}`);
  }
  return found;
}

/** The settings of an organization that can be used. */
export function usable(settings: Settings, name = "") {
  const found = resolved(settings, name);
  if ("problem" in found) {
    throw new Error(found.problem);
  }
  return found.settings;
}

/** Why an organization cannot be used. */
export function problem(settings: Settings, name = ""): string {
  const found = resolved(settings, name);
  return "problem" in found ? found.problem : "no problem";
}
