import { constants, type X509Certificate } from "node:crypto";
import { createServer, type Server, type ServerOptions } from "node:https";
import type { TLSSocket } from "node:tls";
import { type AnchorContent, isDecodable, judgePresented } from "../provider/clients";
import type { Arrival } from "./arrival";
import { bearerKey } from "./bearer";
import { ApiError } from "./errors";
import { type ExchangeContext, exchange, type Respond } from "./exchange";
import type { Organization, Scope } from "./organization";
import type { Store } from "./store";

/** How a client fares; the codes are those of the vendor's guide. */
type Verdict = { readonly code: "accepted" } | { readonly code: string; readonly message: string };

/** The certificates a connection's client presented, leaf first, and the last verdict about them. */
interface Client {
  readonly presented: readonly X509Certificate[];
  verdict?: { readonly basis: string; readonly verdict: Verdict };
}

/** The listener that stands for `mtls.api.openai.com`: `GET /v1/models`, behind the active trust anchors. */
export function mtlsServer(identity: ServerOptions, store: Store, context: ExchangeContext): Server {
  const clients = new WeakMap<object, Client>();
  const server = createServer(
    {
      ...identity,
      requestCert: true,
      // The handshake admits everybody; what applies to a request is known only when its project is.
      rejectUnauthorized: false,
      // A resumed session holds the client's leaf but not the intermediates it presented.
      secureOptions: constants.SSL_OP_NO_TICKET,
    },
    exchange(context, models(store, clients, context)),
  );
  server.on("secureConnection", (socket: TLSSocket) => clients.set(socket, { presented: presentedBy(socket) }));
  return server;
}

function models(store: Store, clients: WeakMap<object, Client>, { now, organizationId }: ExchangeContext): Respond {
  return (arrived) => {
    if (arrived.method !== "GET" || arrived.rawPath !== "/models") {
      throw new ApiError(404, "unknown_url", "This listener of the emulator answers GET /v1/models only.");
    }
    // Any key will do: what is tested here is what comes on top of it.
    bearerKey(arrived.headers);
    const organization = selectOrganization(store, arrived, organizationId);
    arrived.entry.organization = organization.name;
    const client = clients.get(arrived.socket) ?? { presented: [] };
    const verdict = verdictFor(client, organization, selectScope(organization, arrived), now());
    if ("message" in verdict) throw new ApiError(401, verdict.code, verdict.message);
    return { object: "list", data: [{ id: "emulated-model", object: "model", created: 0, owned_by: "emulator" }] };
  };
}

/** A project's active anchors are looked at before the organization's; with none in either, nothing is checked. */
function verdictFor(client: Client, organization: Organization, scope: Scope, now: Date): Verdict {
  const second = Math.floor(now.getTime() / 1000);
  const basis = JSON.stringify([organization.name, scope, organization.version, second]);
  if (client.verdict?.basis !== basis) {
    const own = scope === null ? [] : organization.anchors(scope);
    const anchors = own.length > 0 ? own : organization.anchors(null);
    client.verdict = {
      basis,
      verdict: anchors.length === 0 ? { code: "accepted" } : judge(client.presented, anchors, now),
    };
  }
  return client.verdict.verdict;
}

/** The messages say more than the API's: which rule refused the client. */
function judge(presented: readonly X509Certificate[], anchors: readonly AnchorContent[], now: Date): Verdict {
  const [leaf] = presented;
  if (!leaf) {
    const message = "A client certificate is required: an active certificate applies to this request.";
    return { code: "certificate_required", message };
  }
  if (!isDecodable(leaf)) {
    const message = "The client certificate cannot be decoded, or its Authority Key Identifier names no key.";
    return { code: "invalid_certificate", message };
  }
  const judgement = judgePresented(presented, anchors, now);
  if (judgement.accepted) return { code: "accepted" };
  const message = `The client certificate was not accepted: ${judgement.reason}.`;
  const isFiltered = judgement.rule === "filter";
  return {
    code: isFiltered ? "certificate_attribute_verification_failed" : "certificate_verification_failed",
    message,
  };
}

/** By the id that answers name it with, which is what the API takes, or by its name here. */
function selectOrganization(
  store: Store,
  { headers }: Arrival,
  organizationId: ExchangeContext["organizationId"],
): Organization {
  const given = headers["openai-organization"];
  const found =
    given === undefined
      ? store.organization(undefined)
      : [...store.organizations.values()].find(({ name }) => given === name || given === organizationId(name));
  if (!found) throw new ApiError(401, "invalid_organization", "No such organization.", "OpenAI-Organization");
  return found;
}

/** The project a request is for. Without the header it is for none, and only the organization's anchors apply. */
function selectScope(organization: Organization, { headers }: Arrival): Scope {
  const id = headers["openai-project"];
  return id === undefined ? null : organization.project(String(id)).id;
}

/**
 * All certificates a client presented, in its order. `getPeerCertificate(true)` leaves out those that do not follow one
 * another, as an unordered chain does; the links of the X509Certificate do not. They are there on the first call only:
 * a second one finds just the leaf.
 */
function presentedBy(socket: TLSSocket): X509Certificate[] {
  const presented: X509Certificate[] = [];
  let next = socket.getPeerX509Certificate();
  while (next && !presented.includes(next)) {
    presented.push(next);
    next = next.issuerCertificate;
  }
  return presented;
}
