import { bodyText } from "./arrival";
import { bearerKey, unauthorized } from "./bearer";
import { celFilterControl } from "./celFilters";
import type { Respond } from "./exchange";
import { type RouteSettings, route } from "./routes";
import type { Store } from "./store";

/** The admin API: the bearer key selects the organization, then the path and the method select the operation. */
export function adminApi(store: Store, settings: RouteSettings): Respond {
  return (arrived) => {
    const { method, rawPath, query, headers, entry } = arrived;
    const body = bodyText(arrived);
    const organization = store.authenticate(bearerKey(headers));
    if (!organization)
      throw unauthorized("Incorrect API key provided. The emulator accepts the key given as --admin-key or adminKey.");
    entry.organization = organization.name;
    if (rawPath === undefined) return celFilterControl({ organization, method, path: entry.path, body });
    const { operation, path } = route(method, rawPath);
    return operation({ organization, path, query, body, settings });
  };
}
