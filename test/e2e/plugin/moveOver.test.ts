import { type Emulator, startEmulator, writes } from "../../../emulator";
import { realAnchors } from "../../support/anchors";
import type { Declared } from "../../support/program";
import { mustSucceed, TestStack } from "../../support/stack";

const KEY = "sk-admin-local-move";
const [first = "", second = ""] = realAnchors(2);
const declared: Declared = {
  certificates: { first: { certificate: first }, second: { certificate: second } },
  activations: { org: { certificateIds: ["@first", "@second"] } },
  projects: { pilot: { projectId: "proj_pilot", certificateIds: ["@first"] } },
};
const native = { transport: "native" } as const;

describe("a stack of the dynamic classes whose program moves to the native types", () => {
  let emulator: Emulator;
  let stack: TestStack;

  beforeAll(async () => {
    emulator = await startEmulator({ adminKey: KEY, projects: [{ id: "proj_pilot", name: "pilot" }] });
    stack = new TestStack({ env: { OPENAI_ADMIN_KEY: KEY, OPENAI_BASE_URL: emulator.url } });
    mustSucceed(await stack.up(declared));
    emulator.requests.length = 0;
  });
  afterAll(async () => {
    stack.remove();
    await emulator.close();
  });

  const types = () => stack.resources().map(({ type }) => type.replace(/:\w+$/, ""));
  /** Without the order in which the engine has finished them. */
  const ids = () =>
    stack
      .resources()
      .map(({ id }) => id)
      .sort();

  it("changes nothing and writes nothing, and state has the native types from then on", async () => {
    const before = ids();
    const moved = await stack.up(declared, { ...native, expectNoChanges: true });
    mustSucceed(moved);
    expect(moved.changes).toEqual({ same: 5 });
    expect(writes(emulator.requests)).toEqual([]);
    expect(new Set(types())).toEqual(new Set(["openai-certificates:index"]));
    expect(ids()).toEqual(before);
  });

  it("finds no drift, refreshes, and no longer keeps what the dynamic provider needed", async () => {
    mustSucceed(await stack.preview(declared, { ...native, refresh: true, expectNoChanges: true }));
    mustSucceed(await stack.refresh(native));
    expect(JSON.stringify(stack.resources())).not.toContain("__provider");
    expect(writes(emulator.requests)).toEqual([]);
  });

  it("is destroyed by the native plugin", async () => {
    const { certificateIds, ...others } = declared.activations!["org"]!;
    const ending = { certificateIds, ...others, deactivateOnDelete: true };
    const pilot = { ...declared.projects!["pilot"]!, deactivateOnDelete: true };
    mustSucceed(await stack.up({ ...declared, activations: { org: ending }, projects: { pilot } }, native));
    mustSucceed(await stack.destroy(native));
    expect(emulator.organization().certificates()).toEqual([]);
  });
});
