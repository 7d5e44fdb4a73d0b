import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { executables, isExecutable, namesIn, pathFolders } from "../../tools/engine/files";
import { run } from "../measure/run";
import type { Action, Certificates, Subject, Timed, Workplace } from "./subject";

const COMMANDS = ["tofu", "terraform"];
const PROVIDER = "terraform-provider-openai";
/** `plan` answers 2 where something would change, which here is a failure. */
const ARGUMENTS = {
  apply: ["apply", "-auto-approve"],
  plan: ["plan", "-detailed-exitcode"],
  refresh: ["apply", "-refresh-only", "-auto-approve"],
  destroy: ["destroy", "-auto-approve"],
} as const;

/** What has to be on PATH for {@link vendorSubject}. */
interface Tools {
  readonly command: string;
  /** The folder of the vendor's provider. */
  readonly providerFolder: string;
}

/** What was not found, where something was not. */
async function findTools(env: NodeJS.ProcessEnv): Promise<Tools | string> {
  const folders = pathFolders(env);
  const found = await Promise.all(COMMANDS.map((name) => executables(folders, name)));
  const [command] = found.flat();
  if (command === undefined) {
    return "neither tofu nor terraform is on PATH";
  }
  for (const providerFolder of folders) {
    const provider = (await namesIn(providerFolder)).find((name) => name.startsWith(PROVIDER));
    if (provider !== undefined && (await isExecutable(path.join(providerFolder, provider)))) {
      return { command, providerFolder };
    }
  }
  return `${PROVIDER} is not on PATH`;
}

/**
 * OpenTofu or Terraform with the vendor's provider, where both are on PATH, else why not. That provider uploads certificates; it
 * has no resource for an active set.
 */
export async function vendorSubject(env: NodeJS.ProcessEnv): Promise<Subject | string> {
  const tools = await findTools(env);
  if (typeof tools === "string") {
    return tools;
  }
  const { stdout } = await run(tools.command, ["version", "-json"], { cwd: os.tmpdir(), env, watched: /^$/ });
  const { terraform_version: version } = JSON.parse(stdout) as { terraform_version: string };
  return {
    id: "vendor",
    title: `${path.basename(tools.command)} ${version} with the vendor's provider`,
    activates: false,
    open: (api) => workplace(tools, api),
  };
}

function workplace({ command, providerFolder }: Tools, api: { url: string; adminKey: string }): Workplace {
  const folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-bench-"));
  const settings = path.join(folder, "settings.tfrc");
  writeFileSync(
    settings,
    `provider_installation {\n  dev_overrides {\n    "openai/openai" = ${JSON.stringify(providerFolder)}\n  }\n  direct {}\n}\n`,
  );
  return {
    async run(action: Action, certificates: Certificates): Promise<Timed> {
      if (action === "apply" || action === "plan") {
        writeFileSync(path.join(folder, "main.tf.json"), JSON.stringify(program(api.url, certificates)));
      }
      const { code, stderr, ms, memoryBytes } = await run(
        command,
        [...ARGUMENTS[action], "-input=false", "-no-color"],
        {
          cwd: folder,
          env: {
            ...process.env,
            OPENAI_ADMIN_KEY: api.adminKey,
            TF_CLI_CONFIG_FILE: settings,
            CHECKPOINT_DISABLE: "1",
            TF_IN_AUTOMATION: "1",
          },
          watched: new RegExp(PROVIDER),
        },
      );
      if (code !== 0) {
        throw new Error(`${path.basename(command)} ${ARGUMENTS[action].join(" ")} failed with ${code}:\n${stderr}`);
      }
      return { ms, ...(memoryBytes === undefined ? {} : { memoryBytes }) };
    },
    stateBytes: () => statSync(path.join(folder, "terraform.tfstate")).size,
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function program(baseUrl: string, certificates: Certificates): object {
  const resources = Object.entries(certificates).map(([name, certificate]) => [
    name,
    // Otherwise a rotation would delete the old certificate first.
    { name, certificate, lifecycle: { create_before_destroy: true } },
  ]);
  return {
    terraform: { required_providers: { openai: { source: "openai/openai" } } },
    provider: { openai: { base_url: baseUrl } },
    resource: { openai_certificate: Object.fromEntries(resources) },
  };
}
