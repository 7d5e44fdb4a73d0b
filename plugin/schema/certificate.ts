import { dynamicType, type ObjectSpec, type Properties, type ResourceSpec, reference, text, token } from "./types";

export const ORGANIZATION = text(
  "Which organization of the provider's `organizations`; default: the one of `adminKey`. A change replaces the resource.",
);

/** In C# a member cannot have the name of its class. */
const NOT_THE_CLASS_NAME = { csharp: { name: "Pem" } };

export const ADOPT = {
  oneOf: [{ type: "boolean" }, { type: "string" }],
  description:
    "Take over a certificate that is already uploaded: an id names it, `true` takes the one with the same content. Only " +
    "the content decides: what is not there is uploaded, with a warning. It may stay in the program.",
} as const;

const CEL_FILTER = {
  ...reference("CelFilter"),
  description:
    "The CEL filter that is attached to this certificate in the dashboard; the API can neither set nor show it. Until " +
    "`attachedTo` is this certificate's id, the certificate is uploaded and held back from active sets.",
};

const INPUTS: Properties = {
  certificate: text(
    "One PEM certificate. A certificate with other DER bytes replaces the resource; whitespace, line endings and comments " +
      "around the PEM never do. Not a private key, not a bundle, less than 16 kB, and valid for at least one more day.",
    { language: NOT_THE_CLASS_NAME },
  ),
  name: text("The certificate's name in the organization; default: the resource's logical name. Updated in place."),
  organization: ORGANIZATION,
  adopt: ADOPT,
  celFilter: CEL_FILTER,
};

export const certificate: ResourceSpec = {
  description:
    "One trust anchor uploaded to an OpenAI organization. Uploading enforces nothing; see `CertificateActivation`.\n\n" +
    "An organization holds at most 50 certificates. A replacement is uploaded before the old certificate is deleted, so it " +
    "needs a free slot. Deleting a certificate that is active somewhere is refused: deactivate it first.",
  properties: {
    ...INPUTS,
    certificate: text("The certificate as canonical PEM.", { language: NOT_THE_CLASS_NAME }),
    name: text("The certificate's name in the organization."),
    fingerprint: text("SHA-256 of the DER, lower-case hex."),
    createdAt: text("When it was uploaded; RFC 3339, UTC."),
    validAt: text("Start of its validity; RFC 3339, UTC."),
    expiresAt: text("End of its validity; RFC 3339, UTC."),
    organizationId: text("The organization's id, where the API sends it."),
  },
  required: ["certificate", "name", "fingerprint", "createdAt", "validAt", "expiresAt"],
  inputProperties: INPUTS,
  requiredInputs: ["certificate"],
  stateInputs: { description: "What finds an existing certificate.", properties: { organization: ORGANIZATION } },
  aliases: [dynamicType("Certificate")],
};

export const celFilter: Readonly<Record<string, ObjectSpec>> = {
  [token("CelFilter")]: {
    type: "object",
    description: "A CEL filter as it is attached in the dashboard.",
    properties: {
      expression: text(
        "The expression, which must evaluate to a boolean. It is evaluated here for `requiredClients` only.",
      ),
      attachedTo: text(
        "The id of the certificate that the filter was attached to: a person's word, which nothing can verify.",
      ),
    },
    required: ["expression"],
  },
};
