import { organizationActivation } from "../../provider/activation/organization";
import { projectActivation } from "../../provider/activation/project";
import { certificateLifecycle } from "../../provider/certificate/lifecycle";
import type { Lifecycle, Properties } from "../../provider/lifecycle";
import type { Session } from "../../provider/session";
import { type Export, providerText } from "../../sdk/dynamicProvider";
import type { AdoptionPlan, PlannedAnchor, PlannedSet } from "./plan";

/** The file for `pulumi import --file`, beside the program. */
export const IMPORT_FILE = "import.json";

/** One resource of the file. With inputs and outputs the engine asks no provider (CLI 3.254 and newer). */
interface ImportedResource {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/**
 * What `pulumi import --file` puts into state for the adopting program: inputs and outputs are those that the provider
 * itself reads, so a preview afterwards has nothing to change. It only reads from the API.
 */
export async function stackImport({ anchors, sets }: AdoptionPlan, session: Session): Promise<string> {
  const current = () => session;
  const certificate = certificateLifecycle(current);
  const [organization, project] = [organizationActivation(current), projectActivation(current)];
  const resources: ImportedResource[] = [];
  for (const anchor of anchors.filter(({ leftAlone }) => leftAlone === undefined)) {
    resources.push(await importedCertificate(certificate, anchor));
  }
  for (const set of sets) {
    resources.push(await importedSet(set.project === undefined ? organization : project, set));
  }
  return `${JSON.stringify({ resources }, null, 2)}\n`;
}

/** First as an import reads it, with nothing but the id, and then again as state with what the program declares. */
async function importedCertificate(lifecycle: Lifecycle, { id, slug }: PlannedAnchor): Promise<ImportedResource> {
  const { props } = await lifecycle.read(id, {});
  return imported("Certificate", slug, id, await lifecycle.read(id, { ...props, adopt: id }));
}

async function importedSet(lifecycle: Lifecycle, { slug, project, anchors }: PlannedSet): Promise<ImportedResource> {
  const certificateIds = anchors.map(({ id }) => id);
  const [type, id] =
    project === undefined
      ? (["CertificateActivation", "organization"] as const)
      : (["ProjectCertificateActivation", project.id] as const);
  return imported(type, slug, id, await lifecycle.read(id, { certificateIds }));
}

function imported(
  type: keyof typeof EXPORTS,
  name: string,
  id: string,
  { inputs, props }: { readonly inputs?: Properties; readonly props?: Properties },
): ImportedResource {
  // Gone since the walk over the API: then the file would declare what is not there.
  if (inputs === undefined || props === undefined) throw new Error(`${id} changed while it was read; run this again`);
  const provider = { __provider: providerText(EXPORTS[type]) };
  return {
    type: `pulumi-nodejs:dynamic/openai:${type}`,
    name,
    id,
    inputs: { ...inputs, ...provider },
    outputs: { ...props, ...provider },
  };
}

/** The names under which state finds each lifecycle. */
const EXPORTS = {
  Certificate: "certificate",
  CertificateActivation: "certificateActivation",
  ProjectCertificateActivation: "projectCertificateActivation",
} as const satisfies Record<string, Export>;
