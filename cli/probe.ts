import { rfc3339 } from "../provider/clock";
import { type Command, integerOption, parseOptions, UsageError } from "./command";
import { mapBounded } from "./observation/mapBounded";
import { type Client, readClients } from "./probe/clients";
import { baseUrlOf } from "./probe/host";
import type { ProbedClient, ProbeReport } from "./probe/model";
import { modelsUrl, probe, type Target } from "./probe/request";
import { isAsExpected, renderProbe } from "./probe/table";
import { type Surroundings, widthOfPaper } from "./surroundings";

const AT_ONCE = 4;

const OPTIONS = {
  client: { type: "string", multiple: true, default: [] as string[] },
  expect: { type: "string", multiple: true, default: [] as string[] },
  host: { type: "string", default: "default" },
  organization: { type: "string" },
  project: { type: "string" },
  timeout: { type: "string", default: "30" },
  json: { type: "boolean", default: false },
} as const;

const USAGE = `Usage: openai-certificates probe --client NAME=CHAIN.pem,KEY.pem [--client …] [options]

Sends one real request (GET /v1/models) for each client through an mTLS host of the API, and says whether the client was
accepted, or refused with which code, and what to check then. Between activating a new anchor and retiring the old one,
this shows that the clients have moved.

  --client NAME=CHAIN.pem,KEY.pem   a client: its certificate followed by the intermediates, and its private key
  --client NAME=none                a client without a certificate: refused only where mTLS is enforced
  --expect accepted|refused         the expected result for every client; default accepted
  --expect NAME=accepted|refused    the expected result for this one
  --host default|us|eu|URL          mtls.api.openai.com (default), mtls-us.…, mtls-eu.…, or a URL, such as an emulator's
  --organization ID, --project ID   the scope of the request; default: the API key's
  --timeout SECONDS                 limit of each request; default 30
  --json                            print the results as JSON (documented in docs/probe.schema.json)

Environment: OPENAI_API_KEY, a key that may list models (not the admin key). HTTPS_PROXY and NO_PROXY are honoured;
NODE_EXTRA_CA_CERTS names a file with further authorities to trust for the host. Private keys are read from their files,
used for the TLS handshake, and neither printed nor sent.

Exit code: 0 every client as expected; 1 the result for a client is not known; 2 wrong usage, or a file cannot be
used; 3 a client was accepted or refused unexpectedly.`;

/** `openai-certificates probe` */
export const command: Command = {
  name: "probe",
  summary: "send one real request per client through an mTLS host: accepted, or refused and why",
  usage: USAGE,
  run: (argv) => runProbe(argv, process),
};

export async function runProbe(argv: readonly string[], { stdout, env }: Surroundings): Promise<number> {
  const values = parseOptions(argv, OPTIONS);
  const target: Target = {
    baseUrl: baseUrlOf(values.host),
    apiKey: apiKeyOf(env),
    organization: scopeId("organization", values.organization),
    project: scopeId("project", values.project),
    timeoutSeconds: integerOption("timeout", values.timeout, { min: 1, max: 600 }),
  };
  const clients = readClients(values.client, values.expect);
  const probed = await mapBounded(clients, AT_ONCE, (client) => probeOne(client, target), { after: () => undefined });
  const report: ProbeReport = {
    schemaVersion: 1,
    probedAt: rfc3339(new Date()),
    url: modelsUrl(target.baseUrl),
    organization: target.organization ?? null,
    project: target.project ?? null,
    clients: probed,
  };
  stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : renderProbe(report, widthOfPaper(stdout)));
  if (probed.some((client) => client.result !== "failed" && !isAsExpected(client))) return 3;
  return probed.every(isAsExpected) ? 0 : 1;
}

async function probeOne(client: Client, target: Target): Promise<ProbedClient> {
  const { name, expected, identity } = client;
  const outcome = await probe(client, target);
  const leaf = identity?.leaf;
  return {
    name,
    // Node 20 gives undefined, against its types, for a certificate without a subject.
    subject: leaf === undefined ? null : ((leaf.subject as string | undefined) ?? "").replace(/\n/g, ", "),
    expiresAt: leaf === undefined ? null : rfc3339(new Date(leaf.validTo)),
    expected,
    ...outcome,
  };
}

/** The probe acts as the clients do; the admin key could do far more than list models. */
function apiKeyOf(env: NodeJS.ProcessEnv): string {
  const key = env["OPENAI_API_KEY"]?.trim() ?? "";
  if (key === "") throw new UsageError("an API key is needed: set the environment variable OPENAI_API_KEY");
  if (key === env["OPENAI_ADMIN_KEY"]?.trim() || key.startsWith("sk-admin-")) {
    throw new UsageError(
      "OPENAI_API_KEY holds an admin key; give the probe an ordinary API key that may list models, as the clients have",
    );
  }
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new UsageError("OPENAI_API_KEY contains characters that no key has (a space or line break inside it?)");
  }
  return key;
}

/** Not repeated where it is wrong: it may be a key. */
function scopeId(option: string, id: string | undefined): string | undefined {
  if (id === undefined || /^[\w-]{1,100}$/.test(id)) return id;
  throw new UsageError(`--${option} takes an id, such as ${option === "project" ? "proj_abc" : "org-abc"}`);
}
