import { type FunctionSpec, flag, type ObjectSpec, type Properties, reference, text, token } from "./types";

const ORGANIZATION = text("Which organization of the provider's `organizations`; default: the one of `adminKey`.");

const SUMMARY: Properties = {
  id: text("The certificate's id, such as `cert_abc`."),
  name: text("Its name; empty where it has none."),
  createdAt: text("When it was uploaded; RFC 3339, UTC."),
  validAt: text("Start of its validity; missing where the API does not list it."),
  expiresAt: text("End of its validity; missing where the API does not list it."),
  active: flag("Whether it is in the organization's active set; a project's is another matter."),
};

export const summary: Readonly<Record<string, ObjectSpec>> = {
  [token("CertificateSummary")]: {
    type: "object",
    description: "A certificate as lists show it. Times are RFC 3339, UTC.",
    properties: SUMMARY,
    required: ["id", "name", "createdAt", "active"],
  },
};

export const getCertificate: FunctionSpec = {
  description:
    "Reads one certificate of an organization, which nothing needs to declare. Fails where there is not exactly one.",
  inputs: {
    type: "object",
    properties: {
      id: text("The certificate's id. Give either an id or a name."),
      name: text("The name as it is in the organization; an error where several have it."),
      organization: ORGANIZATION,
    },
  },
  outputs: {
    type: "object",
    properties: {
      ...SUMMARY,
      certificate: text("Canonical PEM."),
      fingerprint: text("SHA-256 of the DER, lower-case hex."),
    },
    required: ["id", "name", "createdAt", "validAt", "expiresAt", "active", "certificate", "fingerprint"],
  },
};

export const getCertificates: FunctionSpec = {
  description: "Lists the certificates of an organization, newest first and without their contents.",
  inputs: {
    type: "object",
    properties: {
      active: flag("True: those in the organization's active set; false: the others. Default: all."),
      organization: ORGANIZATION,
    },
  },
  outputs: {
    type: "object",
    properties: {
      certificates: {
        type: "array",
        items: reference("CertificateSummary"),
        description: "The certificates, newest first.",
      },
    },
    required: ["certificates"],
  },
};
