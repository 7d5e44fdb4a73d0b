import { createServer } from "node:net";
import { apiError, caller, deadPort, Emulated } from "./callers";

const PATH = "/organization/certificates";

const here = new Emulated();

describe("a host that cannot be reached", () => {
  it("is asked after once more where it is on loopback, then the message asks for the emulator", async () => {
    const port = await deadPort(createServer());
    const { api, clock } = caller(`http://127.0.0.1:${port}/v1`);
    const error = await apiError(api.list());
    expect(error.message).toBe(
      `GET ${PATH}: cannot reach http://127.0.0.1:${port}: ECONNREFUSED. Gave up after 2 attempts. ` +
        "Is the emulator running there? Start it with `openai-certificates emulator`, or correct openai:baseUrl (or OPENAI_BASE_URL).",
    );
    expect(error).toMatchObject({ status: undefined, lost: false });
    expect(clock.sleeps).toEqual([375]);
  });

  it("is waited for like any other host where it has answered before: it may be starting again", async () => {
    const { api, clock } = here.open();
    await api.list();
    await here.emulator.close();
    expect((await apiError(api.list())).message).toMatch(
      /: cannot reach \S+: ECONNREFUSED\. Gave up after 6 attempts\. Is openai:baseUrl \(or OPENAI_BASE_URL\) right, and this host reachable from here\?$/,
    );
    expect(clock.sleeps).toHaveLength(5);
  });
});

describe("the organization that answers", () => {
  const named = async (organizationId: string | false) => {
    await here.emulator.close();
    await here.start({ organizationId });
    return here.open().api;
  };

  it("is known after the first answer, and not before", async () => {
    const api = await named("org-corp");
    expect(api.organizationId).toBeUndefined();
    await api.list();
    expect(api.organizationId).toBe("org-corp");
  });

  it("is known from an error of the API as well", async () => {
    const api = await named("org-corp");
    await apiError(api.retrieve("cert_x"));
    expect(api.organizationId).toBe("org-corp");
  });

  it("is not known where the API does not say", async () => {
    const api = await named(false);
    await api.list();
    expect(api.organizationId).toBeUndefined();
  });

  it("stays the last one that was said when an answer says nothing", async () => {
    const api = await named("org-corp");
    await api.list();
    here.emulator.faults.add({ kind: "status", status: 403 });
    await apiError(api.list());
    expect(api.organizationId).toBe("org-corp");
  });
});
