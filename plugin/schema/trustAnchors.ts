import { OPTIONS } from "./activation";
import { ADOPT } from "./certificate";
import { flag, type ObjectSpec, type ResourceSpec, reference, text, token } from "./types";

export const trustAnchor: Readonly<Record<string, ObjectSpec>> = {
  [token("TrustAnchor")]: {
    type: "object",
    description: "A trust anchor with its dates: calendar days in UTC, written `2027-01-31`.",
    properties: {
      certificate: text("One PEM certificate."),
      name: text("The certificate's name in the organization; default: the anchor's key."),
      activateOn: text("The first day it is active; before, it is uploaded only. Default: active at once."),
      retireOn: text("The first day it is not active any more, and deleted. Default: it stays."),
      adopt: ADOPT,
      celFilter: {
        ...reference("CelFilter"),
        description: "As of `Certificate`: the CEL filter that is attached to it in the dashboard.",
      },
    },
    required: ["certificate"],
  },
};

export const trustAnchors: ResourceSpec = {
  isComponent: true,
  description:
    "Trust anchors by their dates: uploads each, keeps those whose time it is in the active set, and deletes the retired " +
    "ones. An anchor is active while `activateOn` ≤ today < `retireOn` (days in UTC). Run on a schedule, dates alone carry a " +
    "rotation through with its overlap.",
  aliases: [{ type: "openai:index:TrustAnchors" }],
  properties: {
    certificateIds: {
      type: "object",
      additionalProperties: { type: "string" },
      description: "By anchor: the ids of the uploaded certificates, also of those that are not active yet.",
    },
    activeCertificateIds: {
      type: "array",
      items: { type: "string" },
      description: "The ids of today's set.",
    },
  },
  required: ["certificateIds", "activeCertificateIds"],
  inputProperties: {
    folder: text(
      "A folder of certificate files, relative to the program's folder: a file's name is its anchor's, and an `anchors.yaml` " +
        "beside them may give dates. Give either a folder or anchors.",
      { plain: true },
    ),
    anchors: {
      type: "object",
      additionalProperties: reference("TrustAnchor"),
      description: "The anchors by names of your choice. Give either a folder or anchors.",
    },
    projectIds: {
      type: "object",
      additionalProperties: { type: "string" },
      description:
        "The projects to activate the anchors in, instead of the organization: names of your choice → ids. Each gets an " +
        "activation of its own.",
    },
    activate: {
      ...flag(
        "Default true. False: only uploads, and gives the ids of today's set for an activation of the program's own.",
      ),
      plain: true,
    },
    protectActivation: {
      ...flag(
        "True: the activations are protected from deletion; the certificates are not, since a rotation deletes them.",
      ),
      plain: true,
    },
    formerNames: {
      ...flag(
        "Default true: resources of the program that these replace keep their state, by their names and this component's parent: a " +
          "`Certificate` that was called like its anchor, a `CertificateActivation` like this component, a " +
          "`ProjectCertificateActivation` like its project. False: these are new resources, and those of the same names stay.",
      ),
      plain: true,
    },
    ...OPTIONS,
  },
};
