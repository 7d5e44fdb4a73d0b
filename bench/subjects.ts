import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { mustSucceed, TestStack } from "../test/support/stack";

/** What is measured, in the order in which it happens to a stack. A drift preview fails where anything would change. */
export const OPERATIONS = ["create", "no-op", "drift preview", "refresh", "destroy"] as const;
export type Operation = (typeof OPERATIONS)[number];

/** Where one subject manages one organization, from nothing. */
export interface Workplace {
  /** Throws where the operation fails. */
  run(operation: Operation): Promise<void>;
  stateBytes(): number;
  close(): void;
}

/** A way to manage certificates as code. */
export interface Subject {
  readonly title: string;
  /** Whether it manages the active set, too. */
  readonly activates: boolean;
  /** The command that the engine starts its provider process with. */
  readonly provider?: readonly string[];
  /** `env`: where the API is, and its key; `anchors`: PEM by name. */
  open(env: Readonly<Record<string, string>>, anchors: Readonly<Record<string, string>>): Workplace;
}

const DYNAMIC = [process.execPath, createRequire(__filename).resolve("@pulumi/pulumi/cmd/dynamic-provider")];
const NATIVE = [path.resolve(__dirname, "../dist-plugin/pulumi-resource-openai-certificates")];

export const PLAIN: Subject = pulumi("plain dynamic provider", "plain", DYNAMIC);
export const PACKAGE: Subject = pulumi("this package", "package", DYNAMIC);
export const PLUGIN: Subject = pulumi("its native plugin", "native", NATIVE);

/** A program of bench/ on the real engine, with a file backend. */
function pulumi(title: string, program: string, provider: readonly string[]): Subject {
  return {
    title,
    activates: true,
    provider,
    open(env, anchors) {
      const stack = new TestStack({ env, example: path.join(__dirname, program) });
      mkdirSync(path.join(stack.workDir, "anchors"));
      for (const [name, pem] of Object.entries(anchors)) {
        writeFileSync(path.join(stack.workDir, "anchors", name), pem);
      }
      const run = {
        create: () => stack.up({}, { asUsers: true }),
        "no-op": () => stack.up({}, { asUsers: true }),
        "drift preview": () => stack.drift({}, { asUsers: true }),
        refresh: () => stack.refresh({ asUsers: true }),
        destroy: () => stack.destroy({ asUsers: true }),
      };
      return {
        run: async (operation) => mustSucceed(await run[operation]()),
        stateBytes: () => statSync(path.join(stack.folder, "backend/.pulumi/stacks/certificates/test.json")).size,
        close: () => stack.remove(),
      };
    },
  };
}
