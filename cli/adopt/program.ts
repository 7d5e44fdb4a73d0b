import { day } from "../../provider/clock";
import { literal, visible } from "../../provider/words";
import { named } from "../named";
import type { AdoptionPlan, PlannedAnchor, PlannedSet } from "./plan";

/** The folder of the PEM files, beside the program. */
export const ANCHORS = "anchors";

/** `index.ts`: declares everything as it is. Every text of the API's is in it as a literal, or in a comment of one line. */
export function programText(plan: AdoptionPlan): string {
  const managed = plan.anchors.filter(({ leftAlone }) => leftAlone === undefined);
  const left = plan.anchors.filter(({ leftAlone }) => leftAlone !== undefined);
  return [
    header(plan, managed),
    managed.length === 0 ? [] : certificates(plan, managed),
    left.length === 0 ? [] : leftAlone(plan, left),
    ...activations(plan),
  ]
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join("\n")}\n`)
    .join("\n");
}

function header({ baseUrl, sets }: AdoptionPlan, managed: readonly PlannedAnchor[]): string[] {
  const hasProject = sets.some(({ project }) => project !== undefined);
  const classes = [
    ...(managed.length > 0 ? ["Certificate"] : []),
    ...(sets.some(({ project }) => project === undefined) ? ["CertificateActivation"] : []),
    ...(hasProject ? ["ProjectCertificateActivation"] : []),
  ];
  return [
    `// Written by \`openai-certificates adopt\` from what ${visible(baseUrl)} answered.`,
    "// The first `pulumi up` takes everything over as it is and changes nothing; after that the file is yours to edit.",
    ...(managed.length > 0 ? ['import * as fs from "node:fs";', 'import * as path from "node:path";'] : []),
    ...(classes.length > 0 ? [`import { ${classes.join(", ")} } from "pulumi-openai-certificates";`] : []),
  ];
}

function certificates(plan: AdoptionPlan, managed: readonly PlannedAnchor[]): string[] {
  return [
    `const pem = (name: string) => fs.readFileSync(path.join(__dirname, ${literal(ANCHORS)}, \`\${name}.pem\`), "utf8");`,
    "",
    "// `adopt` takes a certificate over where its content is the same, instead of uploading it again. It may stay for good.",
    "const anchors = {",
    ...managed.flatMap((anchor) => [
      `  // ${about(plan, anchor)}`,
      `  ${literal(anchor.slug)}: new Certificate(${literal(anchor.slug)}, {`,
      ...(anchor.name === anchor.slug ? [] : [`    name: ${literal(anchor.name ?? "")},`]),
      `    certificate: pem(${literal(anchor.slug)}),`,
      `    adopt: ${literal(anchor.id)},`,
      "  }),",
    ]),
    "};",
  ];
}

function leftAlone(plan: AdoptionPlan, left: readonly PlannedAnchor[]): string[] {
  return [
    "// Not managed, because a Certificate could not take these over without changing them. Where they are active, they",
    "// are listed below all the same, so that they stay so.",
    "const unmanaged = {",
    ...left.flatMap((anchor) => [
      `  // ${about(plan, anchor)}; it ${anchor.leftAlone}`,
      `  ${literal(anchor.slug)}: ${literal(anchor.id)},`,
    ]),
    "};",
  ];
}

/** `"corp-root", valid until 2027-03-01, active in the organization and project proj_abc "Payments"`. */
function about({ sets }: AdoptionPlan, anchor: PlannedAnchor): string {
  const places = sets.filter(({ anchors }) => anchors.includes(anchor)).map(placeOf);
  const active = places.length === 0 ? "active nowhere" : `active in ${places.join(" and ")}`;
  const end = anchor.expiresAt === undefined ? "expiry unknown" : `valid until ${day(anchor.expiresAt)}`;
  return `${anchor.name === null ? "" : `${literal(anchor.name)}, `}${end}, ${active}`;
}

/** `the organization`, or `project proj_abc "Payments"`. */
export function placeOf({ project }: PlannedSet): string {
  return project === undefined ? "the organization" : `project ${named(project)}`;
}

/** Blocks of lines. */
function activations({ sets, unread }: AdoptionPlan): string[][] {
  const isActive = sets.some(({ project }) => project === undefined);
  const unknown = unread.map(
    (project) => `// What is active in project ${named(project)} is not known: the API lists it, but does not find it.`,
  );
  return [...(isActive ? [] : [NOTHING_ACTIVE]), ...sets.map(activation), unknown];
}

const NOTHING_ACTIVE = [
  "// Nothing is active in the organization, so mTLS is not enforced there, and there is no CertificateActivation here:",
  "// one would turn enforcement on.",
];

function activation({ slug, project, anchors }: PlannedSet): string[] {
  const kind = project === undefined ? "CertificateActivation" : "ProjectCertificateActivation";
  return [
    ...(project === undefined || project.name === null ? [] : [`// Project ${literal(project.name)}`]),
    `new ${kind}(${literal(slug)}, {`,
    ...(project === undefined ? [] : [`  projectId: ${literal(project.id)},`]),
    "  certificateIds: [",
    ...anchors.map((anchor) => `    ${reference(anchor)},`),
    "  ],",
    "});",
  ];
}

function reference({ slug, leftAlone: reason }: PlannedAnchor): string {
  return reason === undefined ? `anchors[${literal(slug)}].id` : `unmanaged[${literal(slug)}]`;
}
