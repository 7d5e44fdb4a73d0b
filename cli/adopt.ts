import { type AdoptionPlan, planAdoption } from "./adopt/plan";
import { placeOf } from "./adopt/program";
import { projectFiles } from "./adopt/project";
import { refuseUnlessEmpty, writeFiles } from "./adopt/write";
import { type Command, parseOptions } from "./command";
import { connect } from "./observation/connection";
import { type Observation, observe } from "./observation/observe";
import { progressOn } from "./observation/progress";
import { counted } from "./report/counted";
import { named } from "./visible";

const OPTIONS = { out: { type: "string", default: "openai-certificates" } } as const;

const USAGE = `Usage: openai-certificates adopt [--out DIR]

Writes a Pulumi project for an organization that already has certificates: the PEM files, and a program that takes each
certificate over by its id and declares every active set as it is. It only reads from the API, and running the program
changes nothing there.

  --out DIR   the project's folder, which must not exist or be empty; default: openai-certificates

Environment: OPENAI_ADMIN_KEY (permission api.mtls.read), OPENAI_BASE_URL, and for an mTLS host OPENAI_MTLS_CERT_CHAIN
and OPENAI_MTLS_KEY. The key is not written anywhere.

Exit code: 0 the project is written; 1 it could not be made, or there is nothing to adopt; 2 wrong usage, or DIR is not
empty.`;

/** `openai-certificates adopt` */
export const command: Command = {
  name: "adopt",
  summary: "write a program for an organization that already has certificates",
  usage: USAGE,
  async run(argv) {
    const { out } = parseOptions(argv, OPTIONS);
    refuseUnlessEmpty(out, "--out");
    const observation = await look();
    if (observation.certificates.length === 0) {
      throw new Error(`${observation.baseUrl} has no certificates in this organization, so there is nothing to adopt`);
    }
    const plan = planAdoption(observation);
    writeFiles(out, projectFiles(plan));
    process.stdout.write(summary(plan, out));
    return 0;
  },
};

async function look(): Promise<Observation> {
  const connection = connect(process.env, process.stderr);
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
    ...unread.map((project) => `not in the program, for the API lists but does not find it: project ${named(project)}`),
    "README.md in that folder says how to go on; the first `pulumi up` changes nothing in the organization",
  ].join("\n")}\n`;
}
