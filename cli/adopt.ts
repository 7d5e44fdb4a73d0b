import { type AdoptionPlan, planAdoption } from "./adopt/plan";
import { placeOf } from "./adopt/program";
import { projectFiles } from "./adopt/project";
import { IMPORT_FILE, stackImport } from "./adopt/stackImport";
import { refuseUnlessEmpty, writeFiles } from "./adopt/write";
import { type Command, parseOptions } from "./command";
import { named } from "./named";
import { type Connection, connect } from "./observation/connection";
import { type Observation, observe } from "./observation/observe";
import { progressOn } from "./observation/progress";
import { counted } from "./report/counted";

const OPTIONS = {
  out: { type: "string", default: "openai-certificates" },
  "stack-import": { type: "boolean", default: false },
} as const;

const USAGE = `Usage: openai-certificates adopt [--out DIR] [--stack-import]

Writes a Pulumi project for an organization that already has certificates: the PEM files, and a program that takes each
certificate over by its id and declares every active set as it is. It only reads from the API, and running the program
changes nothing there.

  --out DIR        the project's folder, which must not exist or be empty; default: openai-certificates
  --stack-import   also write import.json, with which Pulumi's CLI (3.254 or newer) puts everything into a stack's state
                   without running the program: pulumi import --file import.json --generate-code=false --protect=false

Environment: OPENAI_ADMIN_KEY (permissions api.mtls.read and to list projects), OPENAI_BASE_URL, and for an mTLS host
OPENAI_MTLS_CERT_CHAIN and OPENAI_MTLS_KEY. The key is not written anywhere.

Exit code: 0 the project is written; 1 it could not be made, or there is nothing to adopt; 2 wrong usage, or DIR is not
empty.`;

/** `openai-certificates adopt` */
export const command: Command = {
  name: "adopt",
  summary: "write a program for an organization that already has certificates",
  usage: USAGE,
  async run(argv) {
    const { out, "stack-import": withImport } = parseOptions(argv, OPTIONS);
    refuseUnlessEmpty(out, "--out");
    const connection = connect(process.env, process.stderr);
    const observation = await look(connection);
    if (observation.certificates.length === 0) {
      throw new Error(`${observation.baseUrl} has no certificates in this organization, so there is nothing to adopt`);
    }
    if (observation.projectsProblem !== undefined) {
      throw new Error(
        `a program without the projects' active sets would not be complete. ${observation.projectsProblem}`,
      );
    }
    const plan = planAdoption(observation);
    const importFile = withImport ? await stackImport(plan, connection.session) : undefined;
    writeFiles(out, projectFiles(plan, importFile));
    process.stdout.write(summary(plan, out));
    if (withImport) process.stdout.write(`${HOW_TO_IMPORT}\n`);
    return 0;
  },
};

const HOW_TO_IMPORT = `to import instead of running the first \`pulumi up\`: pulumi import --file ${IMPORT_FILE} --generate-code=false --protect=false (CLI 3.254 or newer)`;

async function look(connection: Connection): Promise<Observation> {
  const progress = progressOn(process.stderr);
  return observe(connection, progress.step).finally(progress.done);
}

function summary({ anchors, sets, unread }: AdoptionPlan, out: string): string {
  const left = anchors.filter(({ leftAlone }) => leftAlone !== undefined);
  return `${[
    `wrote ${out}: ${counted(anchors.length - left.length, "certificate")} to take over, ${counted(sets.length, "active set")}`,
    ...sets.map((set) => `  ${placeOf(set)}: ${counted(set.anchors.length, "anchor")}`),
    ...(left.length === 0 ? [] : ["left alone, because taking them over would change them:"]),
    ...left.map((anchor) => `  ${named(anchor)}: it ${anchor.leftAlone}`),
    ...unread.map((project) => `not in the program: project ${named(project)}, which the API lists but does not find`),
    "README.md in that folder has the next steps; the first `pulumi up` changes nothing in the organization",
  ].join("\n")}\n`;
}
