import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { LocalWorkspace, PulumiCommand, type Stack } from "@pulumi/pulumi/automation";
import { Certificate, CertificateActivation } from "pulumi-openai-certificates";
import { type Emulator, type RecordedRequest, startEmulator } from "pulumi-openai-certificates/emulator";
import type { Engine } from "../engine";
import type { DemoAnchor } from "./anchors";

const ADMIN_KEY = "sk-admin-demo";
/** For a throw-away stack without secrets; it lives in an ignored folder of this repository. */
const PASSPHRASE = "demo";

/** What the demo plays on: an emulator, and a stack with a file backend. */
export interface Stage {
  readonly emulator: Emulator;
  readonly stack: Stack;
  /** Which anchors the program declares from now on. */
  declare(anchors: readonly DemoAnchor[]): void;
  /** Lets the activation deactivate its set when it is deleted, once a run has put that into state. */
  allowDestroy(): void;
  /** The requests since the last time. */
  requests(): RecordedRequest[];
  /** Environment with which `pulumi` finds the stack. */
  readonly env: Record<string, string>;
  readonly folder: string;
}

export async function setStage(engine: Engine): Promise<Stage> {
  const folder = path.resolve(__dirname, "../../.pulumi-demo");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(path.join(folder, "backend"), { recursive: true });
  const emulator = await startEmulator({ port: 0, adminKey: ADMIN_KEY });
  const env = {
    ...engine.env,
    PULUMI_BACKEND_URL: `file://${path.join(folder, "backend")}`,
    PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
    OPENAI_ADMIN_KEY: ADMIN_KEY,
    OPENAI_BASE_URL: emulator.url,
  };
  Object.assign(process.env, env);
  let declared: readonly DemoAnchor[] = [];
  let deactivateOnDelete = false;
  const program = async () => {
    const certificates = declared.map(({ name, pem }) => new Certificate(name, { certificate: pem }));
    const certificateIds = certificates.map(({ id }) => id);
    const org = new CertificateActivation("org", { certificateIds, deactivateOnDelete });
    return { active: org.certificateIds.apply((ids) => `${ids.length} anchors`) };
  };
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: "demo", projectName: "openai-certificates", program },
    { workDir: folder, envVars: env, pulumiCommand: await PulumiCommand.get() },
  );
  return {
    emulator,
    stack,
    env,
    folder,
    declare: (anchors) => {
      declared = anchors;
    },
    allowDestroy: () => {
      deactivateOnDelete = true;
    },
    requests: () => emulator.requests.splice(0),
  };
}
