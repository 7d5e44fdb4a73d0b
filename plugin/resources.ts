import { organizationActivation } from "../provider/activation/organization";
import { projectActivation } from "../provider/activation/project";
import { certificateLifecycle } from "../provider/certificate/lifecycle";
import { ProviderError } from "../provider/errors";
import type { Lifecycle, Properties } from "../provider/lifecycle";
import type { Session } from "../provider/session";
import { isUnknown, UNKNOWN } from "../provider/unknown";
import { token } from "./schema/types";

/** What a create would answer, as far as it is known before it runs. */
export interface Expected {
  /** Known where something that exists is taken over. */
  readonly id?: string;
  readonly outs: Properties;
}

/** One resource type of the plugin: its lifecycle, and what only a native plugin is asked. */
export interface ResourceType {
  readonly lifecycle: Lifecycle;
  /** The inputs with what the program left out. `name` is the resource's logical name. */
  withDefaults(name: string, news: Properties): Properties;
  /** The scope that the resource claims for itself: its properties; undefined where it claims none, or none that is known yet. */
  scope(
    news: Properties,
  ): { readonly organization: string | undefined; readonly projectId: string | undefined } | undefined;
  /** A replacement of an active set belongs to another scope: the old one leaves first, so that one id is never in state twice. */
  readonly deletesFirst: boolean;
  /** Outputs that tell what a secret input holds: output → input. */
  readonly derived: Readonly<Record<string, string>>;
  expectCreate(news: Properties): Promise<Expected>;
  expectUpdate(olds: Properties, news: Properties): Properties;
}

/** The resource types by their tokens. */
export function resourceTypes(session: () => Session): ReadonlyMap<string, ResourceType> {
  return new Map([
    [token("Certificate"), certificate(session)],
    [token("CertificateActivation"), activation(organizationActivation(session), () => undefined)],
    [token("ProjectCertificateActivation"), activation(projectActivation(session), projectOf)],
  ]);
}

function certificate(session: () => Session): ResourceType {
  const lifecycle = certificateLifecycle(session);
  return {
    lifecycle,
    withDefaults: (name, news) => (news["name"] === undefined ? { ...news, name } : news),
    scope: () => undefined,
    deletesFirst: false,
    derived: {},
    expectCreate: (news) => expectedCertificate(lifecycle, news),
    // A change of the content would be a replacement, so what is known of it stays.
    expectUpdate: (olds, news) => ({ ...olds, ...news }),
  };
}

/** Only a certificate that is known as a whole can be looked for. */
async function expectedCertificate(lifecycle: Lifecycle, news: Properties): Promise<Expected> {
  const unknown = { fingerprint: UNKNOWN, createdAt: UNKNOWN, validAt: UNKNOWN, expiresAt: UNKNOWN };
  const isOpen = [news["certificate"], news["organization"], news["adopt"]].some(isUnknown);
  const known = isOpen ? undefined : await lifecycle.preview?.(news);
  return { ...known, outs: { ...unknown, ...(known?.outs ?? news) } };
}

function activation(lifecycle: Lifecycle, scopeId: (news: Properties) => string | undefined): ResourceType {
  return {
    lifecycle,
    withDefaults: (_name, news) => news,
    scope(news) {
      const { organization } = news;
      const id = scopeId(news);
      const isKnown = !isUnknown(organization) && !isUnknown(id);
      return isKnown ? { organization: organization as string | undefined, projectId: id } : undefined;
    },
    deletesFirst: true,
    derived: { listedCertificateIds: "certificateIds", heldBackCertificateIds: "certificateIds" },
    expectCreate: async (news) => ({ outs: expectedSet(news) }),
    expectUpdate: (olds, news) => ({ ...olds, ...expectedSet(news) }),
  };
}

/** The set as it will be observed, where every id is known. */
function expectedSet(news: Properties): Properties {
  const ids = news["certificateIds"];
  const isKnown = Array.isArray(ids) && !ids.some(isUnknown);
  return { ...news, certificateIds: isKnown ? [...new Set(ids)].sort() : UNKNOWN, listedCertificateIds: ids };
}

function projectOf({ projectId }: Properties): string | undefined {
  return projectId as string | undefined;
}

/** The type of a URN, `urn:pulumi:stack::project::parent$type::name`. */
export function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/** The logical name in a URN; names may hold `::` themselves. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The resource type behind a URN. */
export function resourceType(types: ReadonlyMap<string, ResourceType>, urn: string): ResourceType {
  const type = types.get(typeOf(urn));
  if (type === undefined) {
    throw new ProviderError(
      `this version of the plugin has no resource type ${typeOf(urn)}: it has ${[...types.keys()].join(", ")}`,
    );
  }
  return type;
}
