import { chmodSync } from "node:fs";
import path from "node:path";
import { EngineError } from "../../../tools/engine";
import { keptRoot } from "../../../tools/engine/cache";
import { readPinned, YAML_HOST } from "../../../tools/engine/goProgram";
import { ensureYamlHostIn } from "../../../tools/engine/yamlHost";
import { EngineWorld } from "../../support/engineWorld";

describe("getting the YAML language host", () => {
  let machine: EngineWorld;
  let engine: { command: string; env: Record<string, string> };
  const { version } = readPinned(YAML_HOST);

  beforeEach(() => {
    machine = new EngineWorld();
    engine = { command: machine.pulumi("opt/pulumi", "3.250.0"), env: { PATH: "/engine" } };
  });

  afterEach(() => machine.remove());

  const folders = async () => (await ensureYamlHostIn(machine.world(), engine)).env["PATH"]?.split(path.delimiter);

  test("takes the one that is beside the CLI, else the one on PATH", async () => {
    machine.script("bin/pulumi-language-yaml", "");
    expect(await folders()).toEqual(["/engine", machine.bin]);
    machine.script("opt/pulumi-language-yaml", "");
    expect(await folders()).toEqual(["/engine", path.dirname(engine.command)]);
  });

  test("builds one where there is none, once, and again where it cannot be executed", async () => {
    machine.go();
    const bin = path.join(keptRoot(machine.cache, "yaml", version), "bin");
    expect(await folders()).toEqual(["/engine", bin]);
    expect(await folders()).toEqual(["/engine", bin]);
    expect(machine.builds()).toEqual([expect.stringContaining(`-X ${YAML_HOST.versionVariable}=v${version} `)]);
    expect(machine.lines).toEqual([
      `Building Pulumi's YAML language host ${version} with Go, once for this user: some minutes.`,
      `Pulumi's YAML language host ${version} is ready: ${path.join(bin, path.basename(YAML_HOST.file))}`,
    ]);
    chmodSync(path.join(bin, path.basename(YAML_HOST.file)), 0o644);
    await folders();
    expect(machine.builds()).toHaveLength(2);
    expect(machine.kept()).toEqual([path.basename(path.dirname(bin))]);
  });

  test("says what to install where it cannot be built", async () => {
    const outcome = await ensureYamlHostIn(machine.world(), engine).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(EngineError);
    expect((outcome as Error).message).toMatch(/could not be built: there is no go on PATH\.\nInstall the Pulumi CLI/);
    expect(machine.kept()).toEqual([]);
  });
});
