import path from "node:path";
import { engineEnvironment } from "../../../tools/engine/environment";
import { noEngine } from "../../../tools/engine/failure";
import { PULUMI_CLI, readPinned } from "../../../tools/engine/goProgram";
import { newest } from "../../../tools/engine/installed";
import { chosenWays } from "../../../tools/engine/ways";

describe("the ways to an engine", () => {
  test("are all of them in their order unless some are chosen", () => {
    expect(chosenWays({})).toEqual(["path", "home", "download", "build"]);
    expect(chosenWays({ PULUMI_OPENAI_ENGINE: "build, path" })).toEqual(["path", "build"]);
  });

  test("are refused where one is not known, naming those that are", () => {
    expect(() => chosenWays({ PULUMI_OPENAI_ENGINE: "brew" })).toThrow(
      'PULUMI_OPENAI_ENGINE names "brew", which is not a known way to an engine: use path, home, download, build, or leave it unset.',
    );
  });
});

describe("the environment of an engine", () => {
  const { delimiter } = path;
  const placement = { folders: ["/node/bin", "/usr/bin"], firstOnPath: "/usr/bin/pulumi", command: "/usr/bin/pulumi" };

  test("leaves PATH as it is where the CLI and its plugin are found by name, so that the same node stays the first", () => {
    const env = engineEnvironment({ ...placement, pluginFolder: "/usr/bin", pluginIsFound: true });
    expect(env["PATH"]).toBe(["/node/bin", "/usr/bin"].join(delimiter));
    expect(env["PULUMI_SKIP_UPDATE_CHECK"]).toBe("true");
  });

  test("puts a CLI that is not the first on PATH in front, and the plugin's folder where the CLI has none", () => {
    const env = engineEnvironment({
      ...placement,
      command: "/home/me/.pulumi/bin/pulumi",
      pluginFolder: "/cache/plugin",
      pluginIsFound: false,
    });
    expect(env["PATH"]).toBe(["/home/me/.pulumi/bin", "/cache/plugin", "/node/bin", "/usr/bin"].join(delimiter));
  });

  test("does not name a folder twice", () => {
    const env = engineEnvironment({
      ...placement,
      folders: ["/old", "/new"],
      firstOnPath: "/old/pulumi",
      command: "/new/pulumi",
      pluginFolder: "/new",
      pluginIsFound: true,
    });
    expect(env["PATH"]).toBe(["/new", "/old"].join(delimiter));
  });
});

test("the newest of the installed versions is taken, by number and not by name", () => {
  const found = ["3.220.0", "3.1000.0", "3.221.0"].map((version) => ({
    command: version,
    version,
    from: "home" as const,
  }));
  expect(newest(found)?.version).toBe("3.1000.0");
  expect(newest([])).toBeUndefined();
  expect(newest([{ ...found[0]!, command: "first" }, found[0]!])?.command).toBe("first");
});

test("without any engine the error names every way with its reason and what to install", () => {
  const error = noEngine([
    { way: "path", reason: "/usr/bin/pulumi is version 3.100.0, and >=3.216.0 <4 is needed" },
    { way: "home", reason: "there is no pulumi in /home/me/.pulumi/bin" },
    { way: "download", reason: "get.pulumi.com did not answer within 3 s" },
    { way: "build", reason: "there is no go on PATH" },
  ]);
  expect(error.message.split("\n")).toEqual([
    "There is no Pulumi CLI here (>=3.216.0 <4), and none could be installed. Tried:",
    "  - on PATH: /usr/bin/pulumi is version 3.100.0, and >=3.216.0 <4 is needed",
    "  - under ~/.pulumi: there is no pulumi in /home/me/.pulumi/bin",
    "  - Pulumi's own download: get.pulumi.com did not answer within 3 s",
    "  - built with Go: there is no go on PATH",
    `Install the Pulumi CLI (https://www.pulumi.com/docs/install/), or Go ${readPinned(PULUMI_CLI).go} or newer (https://go.dev/dl/)`,
    "and access to its module proxy; then run the same command again.",
  ]);
});
