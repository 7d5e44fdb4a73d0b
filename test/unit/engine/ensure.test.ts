import { chmodSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Engine, EngineError, ensureEngineIn } from "../../../tools/engine";
import { keptRoot } from "../../../tools/engine/cache";
import { PULUMI_CLI, readPinned } from "../../../tools/engine/goProgram";
import { EngineWorld } from "../../support/engineWorld";

describe("getting an engine", () => {
  let machine: EngineWorld;
  let builtCli: string;
  const pinned = readPinned(PULUMI_CLI);

  beforeEach(() => {
    machine = new EngineWorld();
    builtCli = path.join(keptRoot(machine.cache, "build", pinned.version), "bin", "pulumi");
  });

  afterEach(() => machine.remove());

  async function failure(): Promise<EngineError> {
    const outcome: unknown = await ensureEngineIn(machine.world()).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(EngineError);
    return outcome as EngineError;
  }

  test("takes the one on PATH that is new enough, before those at home", async () => {
    const command = machine.pulumi("bin/pulumi", "3.250.0");
    machine.pulumi("home/.pulumi/bin/pulumi", "3.260.0");
    const engine = await ensureEngineIn(machine.world());
    expect(engine).toMatchObject({ command, version: "3.250.0", from: "path", hasNodeLanguageHost: false });
    expect(machine.lines).toEqual([]);
  });

  test("passes over one on PATH that is too old, and says why", async () => {
    const old = machine.pulumi("bin/pulumi", "3.100.0");
    machine.env["PATH"] += `${path.delimiter}${path.join(machine.folder, "later")}`;
    const command = machine.pulumi("later/pulumi", "3.216.0");
    const engine = await ensureEngineIn(machine.world());
    expect(engine).toMatchObject({ command, version: "3.216.0", from: "path" });
    expect(machine.lines).toEqual([`Not used: ${old} is version 3.100.0, and >=3.216.0 <4 is needed.`]);
    expect(engine.env["PATH"]!.split(path.delimiter)[0]).toBe(path.dirname(command));
  });

  test("takes the newest of those at home that fit", async () => {
    machine.pulumi("home/.pulumi/bin/pulumi", "3.217.0");
    const command = machine.pulumi("home/.pulumi/versions/3.220.0/bin/pulumi", "3.220.0");
    machine.pulumi("home/.pulumi/versions/4.0.0/bin/pulumi", "4.0.0");
    expect(await ensureEngineIn(machine.world())).toMatchObject({ command, version: "3.220.0", from: "home" });
  });

  test("passes over one that is broken", async () => {
    const silent = machine.script("bin/pulumi", "echo no config >&2; exit 2");
    machine.pulumi("home/.pulumi/bin/pulumi", "3.217.0");
    expect((await ensureEngineIn(machine.world())).from).toBe("home");
    expect(machine.lines).toEqual([`Not used: ${silent} fails on \`pulumi version\`: "no config".`]);
  });

  test("gives an installed CLI without the plugin ours, and leaves alone one that has its own", async () => {
    machine.pulumi("bin/pulumi", "3.250.0");
    const without = await ensureEngineIn(machine.world());
    expect(without.pluginDir).toBe(path.join(machine.cache, "plugin"));
    expect(readdirSync(without.pluginDir)).toEqual(["pulumi-resource-pulumi-nodejs"]);
    expect(without.env["PATH"]).toBe([without.pluginDir, machine.bin].join(path.delimiter));

    machine.script("bin/pulumi-resource-pulumi-nodejs", "");
    machine.script("bin/pulumi-language-nodejs", "");
    const complete = await ensureEngineIn(machine.world());
    expect(complete).toMatchObject({ pluginDir: machine.bin, hasNodeLanguageHost: true });
    expect(complete.env["PATH"]).toBe(machine.bin);
  });

  test("builds one where none is installed and the download is closed, once", async () => {
    machine.go();
    const engine = await ensureEngineIn(machine.world());
    expect(engine).toEqual<Engine>({
      command: builtCli,
      version: pinned.version,
      from: "build",
      pluginDir: path.dirname(builtCli),
      env: {
        PATH: [path.dirname(builtCli), machine.bin].join(path.delimiter),
        PULUMI_SKIP_UPDATE_CHECK: "true",
      },
      hasNodeLanguageHost: false,
    });
    expect(readdirSync(path.dirname(builtCli)).sort()).toEqual(["pulumi", "pulumi-resource-pulumi-nodejs"]);
    expect(machine.lines).toEqual([
      expect.stringMatching(/^No download: 127\.0\.0\.1:9 cannot be reached: .+\.$/),
      `Building Pulumi ${pinned.version} with Go, once for this user: some minutes.`,
      `Pulumi ${pinned.version} is ready: ${builtCli}`,
    ]);
    expect(machine.builds()).toEqual([expect.stringContaining(`version.Version=v${pinned.version} `)]);

    expect(await ensureEngineIn(machine.world())).toEqual(engine);
    expect(machine.builds()).toHaveLength(1);
    expect(machine.kept()).toEqual([path.basename(keptRoot("", "build", pinned.version))]);
  });

  test.each([
    ["is cut off", (file: string) => writeFileSync(file, Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]))],
    ["is empty", (file: string) => writeFileSync(file, "#!/bin/sh\n")],
    ["cannot be executed", (file: string) => chmodSync(file, 0o644)],
  ])("builds again where the kept CLI %s", async (_, damage) => {
    machine.go();
    await ensureEngineIn(machine.world());
    damage(builtCli);
    expect(await ensureEngineIn(machine.world())).toMatchObject({ command: builtCli, version: pinned.version });
    expect(machine.builds()).toHaveLength(2);
  });

  test("says once which kept CLI it replaces, and why", async () => {
    machine.go();
    await ensureEngineIn(machine.world());
    writeFileSync(builtCli, "#!/bin/sh\nexit 3\n");
    machine.lines.splice(0);
    await ensureEngineIn(machine.world(["build"]));
    expect(machine.lines.filter((line) => line.includes("Not used"))).toEqual([
      `Not used, and to be replaced: ${builtCli} fails on \`pulumi version\`: exit code 3.`,
    ]);
  });

  test("does not keep a CLI that was built and does not fit", async () => {
    machine.go({ pulumi: "3.1.0" });
    expect((await failure()).message).toContain(
      "built with Go: the CLI that was made is version 3.1.0, and >=3.216.0 <4 is needed",
    );
    expect(existsSync(builtCli)).toBe(false);
    expect(machine.kept()).toEqual([]);
  });

  test("quotes Go where its build fails, and leaves nothing behind", async () => {
    machine.go({ fails: "link: no space left on device" });
    expect((await failure()).message).toContain("built with Go: go build failed: link: no space left on device");
    expect(machine.kept()).toEqual([]);
  });

  test("fails with every way and its reason where there is none", async () => {
    const old = machine.pulumi("bin/pulumi", "3.99.0");
    const { message } = await failure();
    expect(message).toContain(`on PATH: ${old} is version 3.99.0, and >=3.216.0 <4 is needed`);
    expect(message).toContain("under ~/.pulumi: there is no pulumi in");
    expect(message).toContain("Pulumi's own download: 127.0.0.1:9 cannot be reached");
    expect(message).toContain("built with Go: there is no go on PATH");
    expect(message).toContain("Install the Pulumi CLI");
  });

  test("tries the chosen ways only", async () => {
    machine.pulumi("bin/pulumi", "3.250.0");
    machine.go();
    expect((await ensureEngineIn(machine.world(["build"]))).command).toBe(builtCli);
  });
});
