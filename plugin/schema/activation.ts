import { ORGANIZATION } from "./certificate";
import { dynamicType, flag, type Properties, type ResourceSpec, text, texts } from "./types";

/** What every activation takes besides the set and the scope. */
export const OPTIONS: Properties = {
  organization: ORGANIZATION,
  exclusive: flag(
    "Default true: the active set becomes exactly this one. False: these are active, and others are left alone; for " +
      "scopes that several stacks share, which must not list the same id.",
  ),
  ignoreCertificateIds: texts("Certificates that are never touched, whatever their state."),
  takeOver: flag("Default false. Allows the first exclusive run to deactivate anchors that are active but not listed."),
  allowEmpty: flag("Default false. Allows a change after which nothing is active, so that mTLS is no longer enforced."),
  deactivateOnDelete: flag(
    "Default false: deleting or replacing this resource leaves the active set as it is. True: every delete deactivates what " +
      "was listed, also where that ends enforcement; for test stacks.",
  ),
  requiredClients: texts(
    "Client chains in PEM (leaf first, then intermediates; no keys) that must still be accepted after a change. A change " +
      "that would lock one of them out is refused before anything is written.",
  ),
};

const INPUTS: Properties = {
  certificateIds: texts("The wanted set, as ids of `Certificate`s; order and repetition mean nothing."),
  ...OPTIONS,
};

const OUTPUTS: Properties = {
  ...INPUTS,
  certificateIds: texts(
    "What was observed to be active: all but the ignored ones, or the listed ones where it is not exclusive. Sorted.",
  ),
  listedCertificateIds: texts("What the program listed."),
  heldBackCertificateIds: texts(
    "The listed certificates that are held back, because their CEL filter is not attached.",
  ),
  retiringCertificateIds: texts(
    "What the program has ceased to list, and what is deactivated once nothing is held back.",
  ),
  organizationId: text("The organization's id, where the API sends it."),
};

const STATE: Properties = { organization: ORGANIZATION, ignoreCertificateIds: OPTIONS["ignoreCertificateIds"]! };

export const certificateActivation: ResourceSpec = {
  description:
    "The active set of an OpenAI organization. From the first active certificate on, the API refuses every request whose " +
    "client certificate does not chain to an active one: add the anchors of all your clients before you activate.\n\n" +
    "A program has one activation for each organization. Its id is `organization`. Deleting it leaves the set as it is.",
  properties: OUTPUTS,
  required: ["certificateIds"],
  inputProperties: INPUTS,
  requiredInputs: ["certificateIds"],
  stateInputs: { description: "What finds an existing active set.", properties: STATE },
  aliases: [dynamicType("CertificateActivation")],
};

const PROJECT = { projectId: text("The project, such as `proj_abc`. A change replaces the resource.") };

export const projectCertificateActivation: ResourceSpec = {
  ...certificateActivation,
  description:
    "The active set of one project. The API checks a project's active anchors before the organization's.\n\n" +
    "A program has one activation for each project. Its id is the project's id. Deleting it leaves the set as it is.",
  properties: { ...PROJECT, ...OUTPUTS },
  required: ["certificateIds", "projectId"],
  inputProperties: { ...PROJECT, ...INPUTS },
  requiredInputs: ["certificateIds", "projectId"],
  aliases: [dynamicType("ProjectCertificateActivation")],
};
