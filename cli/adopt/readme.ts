import { day } from "../../provider/clock";
import { visible } from "../../provider/words";
import type { AdoptionPlan, PlannedAnchor } from "./plan";
import { ANCHORS, placeOf } from "./program";

/** The folder of the PEM files that no program declares. */
export const LEFT_ALONE = "left-alone";

/** `README.md`: how to run the program, what to expect, and what it leaves alone. */
export function readmeText(plan: AdoptionPlan, withImport = false): string {
  const left = plan.anchors.filter(({ leftAlone }) => leftAlone !== undefined);
  return `# OpenAI mTLS certificates

The trust anchors of an OpenAI organization and where they are active, as a Pulumi program. Written by
\`openai-certificates adopt\`; from now on it is yours.

| file | what it is |
| --- | --- |
| \`index.ts\` | the program: a \`Certificate\` for each anchor, an activation for each place where something is active |
| \`${ANCHORS}/*.pem\` | the certificates, as the API answered them |
| \`Pulumi.yaml\` | the project |
${withImport ? "| `import.json` | all of it for `pulumi import`, see below |\n" : ""}
## Take over

\`\`\`sh
npm install
pulumi stack init production
export OPENAI_ADMIN_KEY=…   # permission api.mtls.read for preview, api.mtls.write too for up
pulumi preview
pulumi up
\`\`\`

Preview shows every resource as one to create, because Pulumi does not know them yet. In the organization nothing changes:
each certificate is taken over by its id, and only where its content is the same; each active set stays what it is. If
someone changed something by hand since this program was written, preview says so before anything is written: an anchor
that was activated since stops it, one that was deactivated since shows as \`+ activate\`.

\`pulumi preview --refresh --expect-no-changes\` then exits with 0, and with 7 as soon as someone changes something by hand.

**Do not try it out with \`pulumi destroy\`**: it leaves every active set as it is, but deletes the certificates declared here
that are active nowhere, and fails for the others. To let go of everything without touching the organization, forget the
stack: \`pulumi stack rm --force\`.
${withImport ? IMPORT : ""}
## What was found

| anchor | id | valid until | active in |
| --- | --- | --- | --- |
${plan.anchors.map((anchor) => tableRow(plan, anchor)).join("\n")}
${left.length === 0 ? "" : leftAlone(left)}`;
}

const IMPORT = `
## Without running the program

Pulumi's CLI 3.254 or newer can put everything into the stack's state from \`import.json\`, which holds what the API
answered when this folder was written. It writes nothing to the API, and does not run the program:

\`\`\`sh
pulumi import --file import.json --generate-code=false --protect=false
\`\`\`

\`pulumi preview\` then has nothing to create. Once that is done, the file has served its purpose: delete it.
`;

function tableRow({ sets }: AdoptionPlan, anchor: PlannedAnchor): string {
  const places = sets.filter(({ anchors }) => anchors.includes(anchor)).map(placeOf);
  const cells = [
    anchor.name === null ? "(no name)" : code(anchor.name),
    code(anchor.id),
    anchor.expiresAt === undefined ? "unknown" : day(anchor.expiresAt),
    places.length === 0 ? "nowhere" : places.map(code).join(" and "),
  ];
  return `| ${cells.join(" | ")} |`;
}

function leftAlone(left: readonly PlannedAnchor[]): string {
  const items = left.map(({ id, leftAlone: reason }) => `- ${code(id)}: it ${reason}.`);
  return `
## What the program leaves alone

These could not be taken over without changing them. Where they are active the program lists them by their id, so that they
stay active; their names and contents are not managed. What they hold is in \`${LEFT_ALONE}/\`, to look at.

${items.join("\n")}
`;
}

/** Text from the API as a code span, in which Markdown takes nothing for its own: longer fences than any in the text. */
function code(text: string): string {
  const shown = visible(text).replace(/\|/g, "\\|");
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 && shown.trim() !== "" ? `${fence}${shown}${fence}` : `${fence} ${shown} ${fence}`;
}
