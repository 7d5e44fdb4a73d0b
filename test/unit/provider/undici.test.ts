import type { Dispatcher } from "undici";
import { startEmulator } from "../../../emulator";

/** As Node says it of a file that is not there, and of one that `exports` does not name. */
const ABSENT = ["MODULE_NOT_FOUND", "ERR_PACKAGE_PATH_NOT_EXPORTED"];

describe("undici", () => {
  afterEach(() => {
    jest.dontMock("undici/lib/api/api-request");
    jest.resetModules();
  });

  it.each(ABSENT)("is loaded as a whole where a release keeps its parts elsewhere (%s)", async (code) => {
    let asked = 0;
    // The index loads the same file, by a path of its own.
    jest.doMock("undici/lib/api/api-request", () => {
      if (asked++ === 0) {
        throw Object.assign(new Error("not here"), { code });
      }
      return jest.requireActual<object>("undici/lib/api/api-request");
    });
    const { undiciCore } = require("../../../provider/api/undici") as typeof import("../../../provider/api/undici");
    const { Agent, request } = undiciCore();
    expect(Agent).toBe((require("undici") as { Agent: unknown }).Agent);
    const emulator = await startEmulator({ adminKey: "sk-admin-local-undici" });
    try {
      const agent = new Agent();
      const ask: Dispatcher.RequestOptions = { origin: new URL(emulator.url).origin, path: "/", method: "GET" };
      expect((await request.call(agent, ask)).statusCode).toBe(401);
      await agent.close();
    } finally {
      await emulator.close();
    }
  });

  it("that is there and broken says so, and is not taken for another release", () => {
    jest.doMock("undici/lib/api/api-request", () => {
      throw new SyntaxError("Unexpected token");
    });
    const { undiciCore } = require("../../../provider/api/undici") as typeof import("../../../provider/api/undici");
    expect(undiciCore).toThrow("Unexpected token");
  });
});
