import { type Emulator, startEmulator, writes } from "../../../emulator";
import { realAnchors } from "../../support/anchors";
import type { Declared } from "../../support/program";
import { mustSucceed, TestStack } from "../../support/stack";

const KEY = "sk-admin-local-move";
const [first = "", second = "", third = ""] = realAnchors(3);
const anchors = { third: { certificate: third } };
const declared: Declared = {
  certificates: { first: { certificate: first }, second: { certificate: second } },
  activations: { org: { certificateIds: ["@first", "@second"] } },
  projects: { pilot: { projectId: "proj_pilot", certificateIds: ["@first"] } },
  trustAnchors: { corp: { anchors, projectIds: ["proj_corp"] } },
};
/** The same for the native types, whose `projectIds` is a map: a list of the classes named each activation after its project. */
const moved: Declared = { ...declared, trustAnchors: { corp: { anchors, projectIds: { proj_corp: "proj_corp" } } } };
const native = { transport: "native" } as const;

describe("a stack of the dynamic classes whose program moves to the native types", () => {
  let emulator: Emulator;
  let stack: TestStack;

  beforeAll(async () => {
    emulator = await startEmulator({
      adminKey: KEY,
      projects: [
        { id: "proj_pilot", name: "pilot" },
        { id: "proj_corp", name: "corp" },
      ],
    });
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
      .flatMap(({ id = [] }) => id)
      .sort();

  it("changes nothing and writes nothing, and state has the native types from then on", async () => {
    const before = ids();
    const { changes, ...up } = await stack.up(moved, { ...native, expectNoChanges: true });
    mustSucceed(up);
    expect(changes).toEqual({ same: 8 });
    expect(writes(emulator.requests)).toEqual([]);
    expect(new Set(types())).toEqual(new Set(["openai-certificates:index"]));
    expect(ids()).toEqual(before);
  });

  it("finds no drift, refreshes, and no longer keeps what the dynamic provider needed", async () => {
    mustSucceed(await stack.preview(moved, { ...native, refresh: true, expectNoChanges: true }));
    mustSucceed(await stack.refresh(native));
    expect(JSON.stringify(stack.resources())).not.toContain("__provider");
    expect(writes(emulator.requests)).toEqual([]);
  });

  it("is destroyed by the native plugin", async () => {
    const { certificateIds, ...others } = declared.activations!["org"]!;
    const ending = { certificateIds, ...others, deactivateOnDelete: true };
    const pilot = { ...declared.projects!["pilot"]!, deactivateOnDelete: true };
    const corp = { anchors, projectIds: { proj_corp: "proj_corp" }, deactivateOnDelete: true };
    const all = { ...moved, activations: { org: ending }, projects: { pilot }, trustAnchors: { corp } };
    mustSucceed(await stack.up(all, native));
    mustSucceed(await stack.destroy(native));
    expect(emulator.organization().certificates()).toEqual([]);
  });
});
