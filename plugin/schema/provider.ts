import { type ObjectSpec, type Properties, type ResourceSpec, reference, text, token } from "./types";

/** How an organization is reached. */
const CONNECTION: Properties = {
  adminKey: text("The admin API key.", { secret: true }),
  baseUrl: text("Where the API is; plain http only to loopback. Default: `https://api.openai.com/v1`."),
  clientCertificate: text(
    "The provider's own client certificate (PEM text or a path), for organizations whose admin calls go through an mTLS host.",
  ),
  clientKey: text("The key of `clientCertificate` (PEM text or a path).", { secret: true }),
  timeoutSeconds: { type: "number", description: "The limit of one attempt, in seconds. Default: 30." },
  maxRetries: { type: "integer", description: "Attempts after the first. Default: 5." },
  auditLog: {
    type: "boolean",
    description:
      "True: messages about changes made outside of the program say who made them, from the audit log. Costs one call more, " +
      "only where something was changed.",
  },
};

const ADMIN_KEY_ENV = text("The environment variable that holds this organization's admin key, instead of `adminKey`.");

export const organization: Readonly<Record<string, ObjectSpec>> = {
  [token("Organization")]: {
    type: "object",
    description:
      "One of several organizations. What it does not give comes from the provider itself, but never another organization's key.",
    properties: { ...CONNECTION, adminKeyEnv: ADMIN_KEY_ENV },
  },
};

const ORGANIZATIONS = {
  type: "object",
  additionalProperties: reference("Organization"),
  secret: true,
  description:
    "Several organizations in one program: names of your choice, to be given as `organization` of resources.",
} as const;

/** The environment is what the provider reads itself: a default in a program would put the key into state. */
const fromEnvironment = (description: string, variable: string) =>
  `${description} Taken from the environment variable \`${variable}\` where it is not given.`;

const ARGUMENTS: Properties = {
  ...CONNECTION,
  adminKey: {
    ...CONNECTION["adminKey"]!,
    description:
      `${fromEnvironment("The admin API key.", "OPENAI_ADMIN_KEY")} The environment is the safest place: a key given here ` +
      "is kept in the stack's state, encrypted, unless it comes from the stack's configuration through the default provider.",
  },
  baseUrl: {
    ...CONNECTION["baseUrl"]!,
    description: fromEnvironment(CONNECTION["baseUrl"]!.description, "OPENAI_BASE_URL"),
  },
  clientCertificate: {
    ...CONNECTION["clientCertificate"]!,
    description: fromEnvironment(CONNECTION["clientCertificate"]!.description, "OPENAI_MTLS_CERT_CHAIN"),
  },
  clientKey: {
    ...CONNECTION["clientKey"]!,
    description: fromEnvironment(CONNECTION["clientKey"]!.description, "OPENAI_MTLS_KEY"),
  },
  organizations: ORGANIZATIONS,
};

export const provider: ResourceSpec = {
  description: "How the admin API of OpenAI organizations is reached.",
  properties: {},
  inputProperties: ARGUMENTS,
};

export const config = { variables: ARGUMENTS };
