import { readFileSync } from "node:fs";
import path from "node:path";
import { explainGo, goEnvironment, parsePinned, readPinned, refuseGo } from "../../../tools/engine/build";
import { compareVersions, MINIMUM, parseGoVersion, parseVersion } from "../../../tools/engine/version";

const folder = path.join(__dirname, "..", "..", "..", "tools", "engine", "go");

describe("the module that is built", () => {
  test("names a CLI that fits and the Go that it needs", () => {
    const pinned = readPinned();
    expect(compareVersions(parseVersion(pinned.pulumi)!, MINIMUM)).toBeGreaterThan(0);
    expect(pinned.go.major).toBe(1);
    expect(pinned.go.minor).toBeGreaterThanOrEqual(25);
  });

  test("has the checksum of the CLI's source beside it", () => {
    const sums = readFileSync(path.join(folder, "go.sum"), "utf8");
    expect(sums).toContain(`github.com/pulumi/pulumi/pkg/v3 v${readPinned().pulumi} h1:`);
  });

  test("is refused where it names no version", () => {
    expect(() => parsePinned("module engine\n\ngo 1.25.8\n")).toThrow("does not name a version of Pulumi and of Go");
    expect(() => parsePinned("require github.com/pulumi/pulumi/pkg/v3 v3.230.0\n")).toThrow("does not name a version");
  });
});

describe("an installed Go", () => {
  const needed = parseGoVersion("go1.25.8")!;

  test("builds from the needed version on", () => {
    expect(refuseGo("/go", "go1.25.8\n", needed)).toBeUndefined();
    expect(refuseGo("/go", "go1.26.0\n", needed)).toBeUndefined();
  });

  test("is refused with its version where it is older, or names none", () => {
    expect(refuseGo("/go", "go1.22.1\n", needed)).toBe("/go is version 1.22.1, and 1.25.8 or newer is needed");
    expect(refuseGo("/go", "devel go1.27-ab\n", needed)).toBe(
      '/go does not name a released version of Go: "devel go1.27-ab"',
    );
  });

  test("works on the committed module for this machine, whatever the user has set for other work", () => {
    const env = goEnvironment(
      { GOFLAGS: "-mod=vendor -race", GOTOOLCHAIN: "auto", GOOS: "js", GOPROXY: "file:///proxy", HOME: "/home/me" },
      { platform: "win32", arch: "x64", temporary: "/tmp/work" },
    );
    expect(env).toMatchObject({
      GOFLAGS: "-mod=readonly",
      GOTOOLCHAIN: "local",
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
    const stderr = ["go: downloading a v1", "fmt", "# example.com/a", "a.go:3:1: syntax error"];
    expect(explainGo("go build", stderr)).toBe("go build failed: # example.com/a a.go:3:1: syntax error");
    expect(explainGo("go build", ["fmt", ""])).toBe("go build failed: Go gave no reason");
  });
});
