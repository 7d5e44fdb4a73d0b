import { organizationActivation } from "../provider/activation/organization";
import { projectActivation } from "../provider/activation/project";
import { certificateLifecycle } from "../provider/certificate/lifecycle";
import { ProviderError } from "../provider/errors";
import type { Lifecycle, Properties } from "../provider/lifecycle";
import type { Session } from "../provider/session";
import { isUnknown } from "../provider/unknown";
import { token } from "./schema/types";

/** One resource type of the plugin: its lifecycle, and what only a native plugin is asked. */
export interface ResourceType {
  readonly lifecycle: Lifecycle;
  /** The inputs with what the program left out. `name` is the resource's logical name. */
  withDefaults(name: string, news: Properties): Properties;
  /** The scope that the resource claims for itself: its properties; undefined where it claims none, or none that is known yet. */
  scope(
    news: Properties,
  ): { readonly organization: string | undefined; readonly projectId: string | undefined } | undefined;
  /** Outputs that tell what a secret input holds: output → input. */
  readonly derived: Readonly<Record<string, string>>;
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
  return {
    lifecycle: certificateLifecycle(session),
    withDefaults: (name, news) => (news["name"] === undefined ? { ...news, name } : news),
    scope: () => undefined,
    derived: {},
  };
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
    derived: {
      listedCertificateIds: "certificateIds",
      heldBackCertificateIds: "certificateIds",
      retiringCertificateIds: "certificateIds",
    },
  };
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
