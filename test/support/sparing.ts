import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { specialSigKey } from "@pulumi/pulumi/runtime";
import { parse, type SemVer } from "semver";
import { testEngine } from "./engine";

interface Answer {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

type Run = (args: string[], ...more: unknown[]) => Promise<Answer>;

/** The CLI that the tests have found, which is not asked for its version; `replace`: what runs its commands. */
export function pulumiCommand(replace: (run: Run) => Run): PulumiCommand {
  // Neither is in the SDK's declarations.
  const Undeclared = PulumiCommand as unknown as new (command: string, version: SemVer | null) => { run: Run };
  const pulumi = new Undeclared("pulumi", parse(testEngine().version));
  pulumi.run = replace(pulumi.run.bind(pulumi));
  return pulumi as unknown as PulumiCommand;
}

/**
 * The CLI without what the Automation API asks it around each operation, of which there are hundreds: its version; the stack
 * that is there (every command names it); then the outputs, and how many resources changed, which a file backend's files
 * say as well.
 */
export function sparingPulumi(exists: boolean): PulumiCommand {
  return pulumiCommand((run) => (args, ...more) => {
    const stdout = known(args, exists);
    return stdout === undefined ? run(args, ...more) : Promise.resolve({ stdout, stderr: "", code: 0 });
  });
}

function known(args: readonly string[], exists: boolean): string | undefined {
  switch (args.slice(0, 2).join(" ")) {
    case "stack select":
      return exists ? "" : undefined;
    case "stack output":
      return outputs();
    case "stack history":
      return `[${lastSummary()}]`;
    default:
      return undefined;
  }
}

/** Of the one stack; undefined where one of them is secret, and only the CLI can decrypt it. */
function outputs(): string | undefined {
  const [file = ""] = filesBelow("stacks", (name) => name.endsWith(".json"));
  const { checkpoint } = JSON.parse(readFileSync(file, "utf8")) as {
    checkpoint: { latest: { resources: { type: string; outputs?: object }[] } };
  };
  const text = JSON.stringify(
    checkpoint.latest.resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {},
  );
  return text.includes(specialSigKey) ? undefined : text;
}

/** Their names hold the time. */
function lastSummary(): string {
  return readFileSync(filesBelow("history", (name) => name.endsWith(".history.json")).at(-1) ?? "", "utf8");
}

function filesBelow(kind: "stacks" | "history", isWanted: (name: string) => boolean): string[] {
  const { pathname, protocol } = new URL(process.env["PULUMI_BACKEND_URL"] ?? "");
  const folder = path.join(fileURLToPath(`${protocol}//${pathname}`), ".pulumi", kind);
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter(isWanted)
    .sort()
    .map((name) => path.join(folder, name));
}
