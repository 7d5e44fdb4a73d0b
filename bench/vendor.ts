import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { executables, pathFolders } from "../tools/engine/files";
import type { Subject } from "./subjects";

const run = promisify(execFile);
const PROVIDER = "terraform-provider-openai";
const ARGUMENTS = {
  create: ["apply", "-auto-approve"],
  "no-op": ["apply", "-auto-approve"],
  // Answers 2 where something would change, which here is a failure.
  "drift preview": ["plan", "-detailed-exitcode"],
  refresh: ["apply", "-refresh-only", "-auto-approve"],
  destroy: ["destroy", "-auto-approve"],
} as const;

/** OpenTofu or Terraform with the vendor's provider, which has no resource for an active set; none unless both are on PATH. */
export async function vendors(env: NodeJS.ProcessEnv): Promise<Subject[]> {
  const folders = pathFolders(env);
  const [command] = [...(await executables(folders, "tofu")), ...(await executables(folders, "terraform"))];
  const [provider] = await executables(folders, PROVIDER);
  return command === undefined || provider === undefined ? [] : [subject(command, path.dirname(provider))];
}

function subject(command: string, providerFolder: string): Subject {
  return {
    title: `${path.basename(command)} with the vendor's provider`,
    activates: false,
    open(api, anchors) {
      const folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-bench-"));
      const settings = path.join(folder, "settings.tfrc");
      const override = `dev_overrides {\n "openai/openai" = ${JSON.stringify(providerFolder)}\n }`;
      writeFileSync(settings, `provider_installation {\n ${override}\n direct {}\n}\n`);
      writeFileSync(path.join(folder, "main.tf.json"), JSON.stringify(program(api["OPENAI_BASE_URL"] ?? "", anchors)));
      const env = { ...process.env, ...api, TF_CLI_CONFIG_FILE: settings, CHECKPOINT_DISABLE: "1" };
      return {
        run: async (operation) => {
          await run(command, [...ARGUMENTS[operation], "-input=false", "-no-color"], { cwd: folder, env });
        },
        stateBytes: () => statSync(path.join(folder, "terraform.tfstate")).size,
        close: () => rmSync(folder, { recursive: true, force: true }),
      };
    },
  };
}

function program(baseUrl: string, anchors: Readonly<Record<string, string>>): object {
  const resources = Object.entries(anchors).map(([name, certificate]) => [name, { name, certificate }]);
  return {
    terraform: { required_providers: { openai: { source: "openai/openai" } } },
    provider: { openai: { base_url: baseUrl } },
    resource: { openai_certificate: Object.fromEntries(resources) },
  };
}
