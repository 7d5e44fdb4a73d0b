import type { Agent, Dispatcher, EnvHttpProxyAgent, Pool } from "undici";
import { loadDependency } from "../dependency";

/** What every call needs of undici. */
interface Core {
  readonly Agent: typeof Agent;
  /** Called on the dispatcher that sends it. */
  readonly request: (
    this: Dispatcher,
    options: Dispatcher.RequestOptions,
  ) => Promise<Pick<Dispatcher.ResponseData, "statusCode" | "headers" | "body">>;
}

/**
 * undici, without what its index adds for fetch, WebSocket, caches and mocks: that takes three times as long to load, in
 * every run of the engine. undici does not promise to keep these parts in place; where a release has moved them, the
 * index is loaded instead.
 */
export function undiciCore(): Core {
  return loadDependency(() => {
    try {
      return {
        Agent: require("undici/lib/dispatcher/agent") as typeof Agent,
        request: require("undici/lib/api/api-request") as Core["request"],
      };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "MODULE_NOT_FOUND" && code !== "ERR_PACKAGE_PATH_NOT_EXPORTED") {
        throw error;
      }
      const undici = wholeUndici();
      return { Agent: undici.Agent, request: undici.Dispatcher.prototype.request };
    }
  });
}

/** Everything, for connections through a proxy. */
export function wholeUndici() {
  return loadDependency(
    () =>
      require("undici") as {
        Agent: typeof Agent;
        Dispatcher: { prototype: Core };
        EnvHttpProxyAgent: typeof EnvHttpProxyAgent;
        Pool: typeof Pool;
      },
  );
}
