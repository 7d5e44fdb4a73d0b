import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { realAnchors } from "../support/anchors";
import { Consumer, packTarball } from "../support/consumer";

/** A program as a user writes it, run inline by the Automation API so that no language host is needed. */
const LIFECYCLE = `
async function lifecycle({ LocalWorkspace }, { Certificate, CertificateActivation }, anchors) {
  const program = async () => {
    const certificates = anchors.map((certificate, index) => new Certificate("root-" + index, { certificate }));
    const certificateIds = certificates.map((one) => one.id);
    const org = new CertificateActivation("org", { certificateIds, deactivateOnDelete: true });
    return { active: org.certificateIds };
  };
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: "dev", projectName: "consumer", program },
    { workDir: process.cwd() },
  );
  const up = await stack.up();
  const { deployment } = await stack.exportStack();
  const again = await stack.up();
  const preview = await stack.preview({ refresh: true, expectNoChanges: true });
  const refresh = await stack.refresh();
  const destroy = await stack.destroy();
  const changes = [up, again].map(({ summary }) => summary.resourceChanges);
  console.log(JSON.stringify({
    active: up.outputs.active.value.length,
    declared: deployment.resources.find(({ type }) => type.endsWith("Activation")).sourcePosition,
    changes: [...changes, preview.changeSummary, refresh.summary.resourceChanges, destroy.summary.resourceChanges],
  }));
}`;

const COMMONJS = `
const automation = require("@pulumi/pulumi/automation");
const resources = require("pulumi-openai-certificates");
${LIFECYCLE}
lifecycle(automation, resources, JSON.parse(process.env.ANCHORS)).catch((error) => { console.error(error.message); process.exit(1); });
`;

const MODULE = `
import * as automation from "@pulumi/pulumi/automation/index.js";
import { Certificate, CertificateActivation } from "pulumi-openai-certificates";
import { startEmulator, createAuthority } from "pulumi-openai-certificates/emulator";
${LIFECYCLE}
const emulator = await startEmulator({ port: 0, adminKey: "sk-own" });
process.env.OPENAI_BASE_URL = emulator.url;
process.env.OPENAI_ADMIN_KEY = "sk-own";
const authority = await createAuthority({ commonName: "Consumer Root" });
await lifecycle(automation, { Certificate, CertificateActivation }, [authority.certificate]);
await emulator.close();
`;

const TYPED = `
import * as pulumi from "@pulumi/pulumi";
import { Certificate, CertificateActivation, ProjectCertificateActivation } from "pulumi-openai-certificates";
import type { CertificateArgs, CertificateActivationArgs } from "pulumi-openai-certificates";
import { startEmulator, type Emulator } from "pulumi-openai-certificates/emulator";

const args: CertificateArgs = { certificate: pulumi.output("pem"), adopt: true };
const root = new Certificate("root", args, { protect: true });
const fingerprint: pulumi.Output<string> = root.fingerprint;
const activation: CertificateActivationArgs = { certificateIds: [root.id, "cert_abc"], requiredClients: ["pem"] };
const ids: pulumi.Output<string[]> = new CertificateActivation("org", activation).certificateIds;
new ProjectCertificateActivation("pilot", { projectId: "proj_abc", certificateIds: ids });
Certificate.get("existing", "cert_abc", { organization: "eu" }).expiresAt.apply((date: string) => date);
export const started: Promise<Emulator> = startEmulator({ adminKey: "sk-local" });
// @ts-expect-error certificate is required
new Certificate("none", {});
export { fingerprint };
`;

describe("a project that installed the packed package", () => {
  let tarball: string;
  let emulator: ChildProcess;
  let url: string;
  const consumers: Consumer[] = [];

  const consumer = (manager: "npm" | "pnpm", type: "commonjs" | "module") => {
    const made = new Consumer(tarball, manager, type);
    consumers.push(made);
    return made;
  };

  beforeAll(() => {
    tarball = packTarball();
  });
  afterAll(() => {
    emulator?.kill();
    for (const { remove } of consumers.map((one) => ({ remove: () => one.remove() }))) {
      remove();
    }
  });

  async function startCommand(folder: string): Promise<string> {
    emulator = spawn(
      path.join(folder, "node_modules/.bin/openai-certificates"),
      ["emulator", "--port", "0", "--admin-key", "sk-cli"],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const line = await new Promise<string>((resolve, reject) => {
      emulator.stdout?.setEncoding("utf8").once("data", resolve);
      emulator.once("exit", () => reject(new Error("the emulator ended before it printed its address")));
    });
    return line.split("\n")[0] ?? "";
  }

  it("npm, CommonJS: the emulator's command starts, and a stack goes up, again, through drift check, refresh and destroy", async () => {
    const project = consumer("npm", "commonjs");
    url = await startCommand(project.folder);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
    project.write("program.js", COMMONJS);
    const ran = project.node(["program.js"], {
      OPENAI_BASE_URL: url,
      OPENAI_ADMIN_KEY: "sk-cli",
      ANCHORS: JSON.stringify(realAnchors(12)),
    });
    expect(ran).toMatchObject({ status: 0, stderr: "" });
    expect(JSON.parse(ran.stdout)).toEqual({
      active: 12,
      declared: expect.stringMatching(/^project:\/\/\/program\.js#/),
      changes: [{ create: 14 }, { same: 14 }, { same: 14 }, { same: 14 }, { delete: 14 }],
    });
  });

  it("npm, ES modules: named imports and the emulator as a library", () => {
    const project = consumer("npm", "module");
    project.write("program.mjs", MODULE);
    const ran = project.node(["program.mjs"]);
    expect(ran).toMatchObject({ status: 0, stderr: "" });
    expect(JSON.parse(ran.stdout)).toMatchObject({ active: 1 });
    project.write("program.ts", TYPED);
    for (const options of [
      ["--module", "node16", "--moduleResolution", "node16"],
      ["--module", "esnext", "--moduleResolution", "bundler"],
    ]) {
      const checked = project.node([
        "node_modules/typescript/bin/tsc",
        "--noEmit",
        "--strict",
        ...options,
        "program.ts",
      ]);
      expect(checked).toMatchObject({ status: 0, stdout: "" });
    }
  });

  it("pnpm, TypeScript to CommonJS: type-checks with the library's own declarations, and runs", () => {
    const project = consumer("pnpm", "commonjs");
    project.write("types.ts", TYPED);
    const options = ["--strict", "--exactOptionalPropertyTypes", "--module", "commonjs", "--target", "es2022"];
    const checked = project.node(["node_modules/typescript/bin/tsc", "--noEmit", ...options, "types.ts"]);
    expect(checked).toMatchObject({ status: 0, stdout: "" });
    project.write("program.js", COMMONJS);
    const ran = project.node(["program.js"], {
      OPENAI_BASE_URL: url,
      OPENAI_ADMIN_KEY: "sk-cli",
      ANCHORS: JSON.stringify(realAnchors(2)),
    });
    expect(ran).toMatchObject({ status: 0, stderr: "" });
    expect(JSON.parse(ran.stdout)).toMatchObject({ active: 2 });
  });
});
