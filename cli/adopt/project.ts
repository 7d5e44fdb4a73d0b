import type { AdoptionPlan, PlannedAnchor } from "./plan";
import { ANCHORS, programText } from "./program";
import { LEFT_ALONE, readmeText } from "./readme";
import { IMPORT_FILE } from "./stackImport";

/** The files of a Pulumi project that takes everything over: path below the project's folder → content. */
export function projectFiles(plan: AdoptionPlan, importFile?: string): ReadonlyMap<string, string> {
  const pems = plan.anchors.flatMap((one) => (one.pem === undefined ? [] : [[pemFile(one), one.pem] as const]));
  return new Map([
    ["index.ts", programText(plan)],
    ["Pulumi.yaml", pulumiYaml(plan)],
    ["package.json", packageJson()],
    ["tsconfig.json", tsconfig()],
    [".gitignore", "node_modules/\n"],
    ["README.md", readmeText(plan, importFile !== undefined)],
    ...(importFile === undefined ? [] : [[IMPORT_FILE, importFile] as const]),
    ...pems,
  ]);
}

/** What is left alone is in another folder: whoever declares all of {@link ANCHORS} must not upload it once more. */
function pemFile({ slug, leftAlone }: PlannedAnchor): string {
  return `${leftAlone === undefined ? ANCHORS : LEFT_ALONE}/${slug}.pem`;
}

/** With the address that was read, whatever the environment says later: there the ids are those of this organization. */
function pulumiYaml({ baseUrl }: AdoptionPlan): string {
  return `name: openai-certificates
description: Trust anchors and active sets of an OpenAI organization.
runtime: nodejs
config:
  openai:baseUrl:
    value: ${JSON.stringify(baseUrl)}
`;
}

function packageJson(): string {
  const { version } = require("pulumi-openai-certificates/package.json") as { version: string };
  return json({
    name: "openai-certificates",
    private: true,
    main: "index.ts",
    dependencies: { "@pulumi/pulumi": "^3.216.0", "pulumi-openai-certificates": `^${version}` },
    devDependencies: { "@types/node": "^20", typescript: "^5" },
  });
}

const COMPILER = { target: "es2022", module: "node16", moduleResolution: "node16", strict: true, skipLibCheck: true };

function tsconfig(): string {
  return json({ compilerOptions: COMPILER, files: ["index.ts"] });
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
