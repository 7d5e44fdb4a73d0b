import { spawnSync } from "node:child_process";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { findPlugin, hasNodeLanguageHost, pluginScript, providePlugin } from "../../../tools/engine/plugin";
import { EngineWorld } from "../../support/engineWorld";

describe("the plugin for dynamic providers", () => {
  let machine: EngineWorld;
  const { name, text } = pluginScript(process.platform);

  beforeEach(() => {
    machine = new EngineWorld();
  });

  afterEach(() => machine.remove());

  function run(file: string, args: readonly string[], cwd: string) {
    return spawnSync(file, args, { cwd, encoding: "utf8" });
  }

  function program(provider: string | undefined): string {
    const folder = path.join(machine.folder, "my program");
    const home = path.join(folder, "node_modules", "@pulumi", "pulumi", "cmd", "dynamic-provider");
    mkdirSync(provider === undefined ? folder : home, { recursive: true });
    if (provider !== undefined) writeFileSync(path.join(home, "index.js"), provider);
    return folder;
  }

  test("runs the provider of the program's own @pulumi/pulumi, with its arguments whole and its exit code", async () => {
    await providePlugin(machine.bin);
    const cwd = program("console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 3;");
    const ended = run(path.join(machine.bin, name), ["127.0.0.1:4711", "two words", "*"], cwd);
    expect(JSON.parse(ended.stdout)).toEqual(["127.0.0.1:4711", "two words", "*"]);
    expect(ended.status).toBe(3);
  });

  test("fails with what to do where the program has no @pulumi/pulumi", async () => {
    await providePlugin(machine.bin);
    const cwd = program(undefined);
    const ended = run(path.join(machine.bin, name), ["127.0.0.1:4711"], cwd);
    expect(ended.status).toBe(1);
    expect(ended.stderr).toBe(`${name}: node does not find @pulumi/pulumi from ${cwd}: run npm install there.\n`);
  });

  test("replaces the text of an older release, and is left alone when it is the same", async () => {
    const file = machine.script(path.join("bin", name), "exit 9");
    await providePlugin(machine.bin);
    const { mtimeMs, ino } = statSync(file);
    await providePlugin(machine.bin);
    expect(statSync(file)).toMatchObject({ mtimeMs, ino });
    const ended = run(file, [], program("console.log('ours')"));
    expect(ended.stdout).toBe("ours\n");
  });

  test("has a form for Windows that says the same", () => {
    const windows = pluginScript("win32");
    expect(windows.name).toBe("pulumi-resource-pulumi-nodejs.cmd");
    expect(windows.text).toContain("require.resolve('@pulumi/pulumi/cmd/dynamic-provider')");
    expect(windows.text).toContain('node "%PROVIDER%" %*');
    expect(windows.text.replaceAll("\r\n", "")).not.toContain("\n");
    expect(text).not.toContain("\r");
  });

  test("is found beside the CLI through links, else on PATH, else not", async () => {
    const command = machine.pulumi("opt/pulumi", "3.230.0");
    expect(await findPlugin(command, machine.env)).toBeUndefined();
    machine.script(path.join("bin", name), "");
    expect(await findPlugin(command, machine.env)).toBe(machine.bin);
    machine.script(path.join("opt", name), "");
    machine.link(command, "linked/pulumi");
    expect(await findPlugin(path.join(machine.folder, "linked", "pulumi"), machine.env)).toBe(path.dirname(command));
  });

  test("is not taken for the language host, which is looked for in the same places", async () => {
    const command = machine.pulumi("opt/pulumi", "3.230.0");
    machine.script(path.join("opt", name), "");
    expect(await hasNodeLanguageHost(command, machine.env)).toBe(false);
    machine.script("bin/pulumi-language-nodejs", "");
    expect(await hasNodeLanguageHost(command, machine.env)).toBe(true);
  });
});
