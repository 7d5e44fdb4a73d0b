import { readFileSync } from "node:fs";
import path from "node:path";
import { explainGo, goEnvironment } from "../../../tools/engine/build";
import { moduleFolder, PULUMI_CLI, parsePinned, readPinned, YAML_HOST } from "../../../tools/engine/goProgram";
import { refuseVersion } from "../../../tools/engine/supported";

test.each([PULUMI_CLI, YAML_HOST])("the module of $title has the checksum of its source beside it", (program) => {
  const { version, go } = readPinned(program);
  expect(go).toMatch(/^1\.\d+(\.\d+)?$/);
  const sums = readFileSync(path.join(moduleFolder(program), "go.sum"), "utf8");
  expect(sums).toContain(`${program.source} v${version} h1:`);
});

test("the CLI that is built is one that fits", () => {
  expect(refuseVersion(readPinned(PULUMI_CLI).version)).toBeUndefined();
});

test("a module that names no version is refused", () => {
  expect(() => parsePinned(PULUMI_CLI, "module engine\n\ngo 1.25.8\n")).toThrow("does not name a version");
  expect(() => parsePinned(PULUMI_CLI, `require ${PULUMI_CLI.source} v3.230.0\n`)).toThrow("does not name a version");
  expect(parsePinned(PULUMI_CLI, `go 1.25\nrequire ${PULUMI_CLI.source} v3.1.0\n`)).toEqual({
    version: "3.1.0",
    go: "1.25",
  });
});

describe("an installed Go", () => {
  test("works on the committed module for this machine, whatever the user has set for other work", () => {
    const env = goEnvironment(
      { GOFLAGS: "-mod=vendor -race", GOWORK: "/work", GOOS: "js", GOPROXY: "file:///proxy", HOME: "/home/me" },
      { platform: "win32", arch: "x64", temporary: "/tmp/work" },
    );
    expect(env).toMatchObject({
      GOFLAGS: "-mod=readonly",
      GOWORK: "off",
      GOOS: "windows",
      GOARCH: "amd64",
      GOPROXY: "file:///proxy",
      HOME: "/home/me",
    });
    expect(goEnvironment({}, { platform: "darwin", arch: "arm64", temporary: "/t" })).toMatchObject({
      GOOS: "darwin",
      GOARCH: "arm64",
    });
  });

  test("is quoted with its last words where it fails, without its progress", () => {
    const stderr = "go: downloading a v1\nfmt\n# example.com/a\na.go:3:1: syntax error\n";
    expect(explainGo("go build", stderr)).toBe("go build failed: # example.com/a a.go:3:1: syntax error");
    expect(explainGo("go build", "fmt\n")).toBe("go build failed: Go gave no reason");
  });
});
