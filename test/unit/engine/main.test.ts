import { existsSync } from "node:fs";
import path from "node:path";
import { keptRoot, lockFolder } from "../../../tools/engine/cache";
import { PULUMI_CLI, readPinned } from "../../../tools/engine/goProgram";
import { EngineWorld, until } from "../../support/engineWorld";

describe("npm run engine", () => {
  let machine: EngineWorld;
  let builtCli: string;
  const { version } = readPinned(PULUMI_CLI);

  beforeEach(() => {
    machine = new EngineWorld();
    builtCli = path.join(keptRoot(machine.cache, "build", version), "bin", "pulumi");
  });

  afterEach(() => machine.remove());

  test("prints the CLI's path alone on standard output, and its progress on standard error", async () => {
    machine.go();
    const { code, stdout, stderr } = await machine.main().ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${builtCli}\n` });
    expect(stderr).toBe(
      `Building Pulumi ${version} with Go, once for this user: some minutes.\nPulumi ${version} is ready: ${builtCli}\n`,
    );
  });

  test("prints the whole engine as JSON when asked", async () => {
    const command = machine.pulumi("bin/pulumi", "3.250.0");
    const { stdout } = await machine.main("--json").ended;
    expect(JSON.parse(stdout)).toMatchObject({ command, version: "3.250.0", from: "path" });
  });

  test("fails with the reasons, without a stack", async () => {
    const { code, stdout, stderr } = await machine.main().ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^There is no Pulumi CLI here/);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test("refuses an argument that it does not know", async () => {
    const { code, stderr } = await machine.main("--jsn").ended;
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'Unknown argument "--jsn". Usage: npm run engine [-- --json]\n',
    });
  });

  test.each(["SIGINT", "SIGTERM"] as const)(
    "ends by %s in a build, together with the compiler, and leaves the way free",
    async (signal) => {
      machine.go({ hold: true });
      const first = machine.main();
      await until(() => machine.builds().length === 1);
      first.kill(signal);
      expect(await first.ended).toMatchObject({ code: null, signal, stdout: "" });
      await until(() => !machine.isBuilding());
      expect(existsSync(lockFolder(machine.cache))).toBe(false);
      machine.go();
      expect(await machine.main().ended).toMatchObject({ code: 0, stdout: `${builtCli}\n` });
      expect(machine.kept()).toEqual([path.basename(keptRoot("", "build", version))]);
    },
  );

  test("builds anew after it was killed in a build, and removes what that one has left", async () => {
    machine.go({ hold: true });
    const first = machine.main();
    await until(() => machine.builds().length === 1);
    first.kill("SIGKILL");
    await until(() => first.stderr() !== "");
    expect(existsSync(builtCli)).toBe(false);
    expect(machine.kept()).toHaveLength(2);
    machine.go();
    machine.ageLock();
    expect(await machine.main().ended).toMatchObject({ code: 0, stdout: `${builtCli}\n` });
    machine.release();
    await first.ended;
    expect(machine.kept()).toEqual([path.basename(keptRoot("", "build", version))]);
  });

  test("waits for another run that builds, and takes what that one has built", async () => {
    machine.go({ hold: true });
    const first = machine.main();
    await until(() => machine.builds().length === 1);
    const second = machine.main();
    await until(() => second.stderr().includes("\n"));
    expect(second.stderr()).toBe("Waiting for another run, which is getting it already.\n");
    machine.release();
    expect(await first.ended).toMatchObject({ code: 0, stdout: `${builtCli}\n` });
    expect(await second.ended).toMatchObject({ code: 0, stdout: `${builtCli}\n` });
    expect(machine.builds()).toHaveLength(1);
  });
});
