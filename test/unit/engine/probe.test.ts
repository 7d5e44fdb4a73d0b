import { probe } from "../../../tools/engine/probe";
import { EngineWorld } from "../../support/engineWorld";

describe("a CLI that is asked for its version", () => {
  let machine: EngineWorld;

  beforeEach(() => {
    machine = new EngineWorld();
  });

  afterEach(() => machine.remove());

  test.each([
    ["answers with one that fits", "echo v3.220.0", { version: "3.220.0" }],
    ["is too old", "echo v3.1.0", { problem: "is version 3.1.0, and >=3.216.0 <4 is needed" }],
    ["answers something else", "echo hello", { problem: 'does not answer `pulumi version` with a version: "hello"' }],
    ["fails with a reason", "echo broken >&2; exit 4", { problem: 'fails on `pulumi version`: "broken"' }],
    ["fails silently", "exit 4", { problem: "fails on `pulumi version`: exit code 4" }],
    ["is ended by SIGKILL", "kill -9 $$", { problem: "fails on `pulumi version`: ended by SIGKILL" }],
  ])("and %s", async (_, line, expected) => {
    expect(await probe(machine.script("bin/pulumi", line), machine.env)).toEqual(expected);
  });

  test("and cannot be started, says so", async () => {
    const { problem } = await probe(`${machine.bin}/nothing`, machine.env);
    expect(problem).toMatch(/^cannot be run: .*ENOENT/);
  });

  test("and never answers, is given up", async () => {
    const hanging = machine.script("bin/pulumi", "while :; do :; done");
    expect(await probe(hanging, machine.env, 300)).toEqual({
      problem: "does not answer `pulumi version` within 0.3 s",
    });
  });
});
