import { readFileSync } from "node:fs";
import path from "node:path";
import { CLI } from "./files";

/** A program that is built from a Go module of its own, pinned by the go.mod and go.sum in `go/<module>`. */
export interface GoProgram {
  /** As messages call it. */
  readonly title: string;
  /** The folder below `go/`. */
  readonly module: string;
  /** The Go module whose version is the program's. */
  readonly source: string;
  readonly package: string;
  /** What the linker sets to the version, as the program's own releases do. */
  readonly versionVariable: string;
  /** Where it is put, below the folder that is made for it. */
  readonly file: string;
}

export const PULUMI_CLI: GoProgram = {
  title: "Pulumi",
  module: "pulumi",
  source: "github.com/pulumi/pulumi/pkg/v3",
  package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  versionVariable: "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version",
  file: path.join("bin", CLI),
};

export const YAML_HOST: GoProgram = {
  title: "Pulumi's YAML language host",
  module: "yaml",
  source: "github.com/pulumi/pulumi-yaml",
  package: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
  versionVariable: "github.com/pulumi/pulumi-yaml/pkg/version.Version",
  file: path.join("bin", process.platform === "win32" ? "pulumi-language-yaml.exe" : "pulumi-language-yaml"),
};

/** What a program's go.mod names: its version, and the oldest Go that builds it. */
export interface Pinned {
  readonly version: string;
  readonly go: string;
}

export function moduleFolder(program: GoProgram): string {
  return path.join(__dirname, "go", program.module);
}

export function readPinned(program: GoProgram): Pinned {
  return parsePinned(program, readFileSync(path.join(moduleFolder(program), "go.mod"), "utf8"));
}

/** @throws Error where the text is not that of the program's module. */
export function parsePinned(program: GoProgram, goMod: string): Pinned {
  const words = goMod.split("\n").map((line) =>
    line
      .replace(/^require /, "")
      .trim()
      .split(" "),
  );
  const version = words.find(([name, value]) => name === program.source && value?.startsWith("v"))?.[1]?.slice(1);
  const go = words.find(([name]) => name === "go")?.[1];
  if (!version || !go)
    throw new Error(`go/${program.module}/go.mod does not name a version of ${program.source} and of Go.`);
  return { version, go };
}
