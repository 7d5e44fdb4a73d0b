import { CertificatesApi } from "./api/certificates";
import { Client } from "./api/client";
import { httpTransport, type Transport } from "./api/transport";
import { Authors } from "./authors";
import { type Clock, systemClock } from "./clock";
import { ProviderError } from "./errors";
import { Held } from "./held";
import { consoleLog, type Log } from "./log";
import { Organization } from "./organization";
import { redactName } from "./redact";
import { CheckedInputs, ExpectedDiffs } from "./run";
import {
  identityOf,
  isLoopback,
  isVendors,
  type OneName,
  type OrganizationSettings,
  oneName,
  type Settings,
} from "./settings";

/** What a session is made of besides its settings; tests bring their own. */
export interface Surroundings {
  readonly clock: Clock;
  readonly log: Log;
  readonly transport: (settings: OrganizationSettings) => Transport;
}

/** One configured provider process: the organizations its programs name, each opened at its first use. */
export class Session {
  readonly clock: Clock;
  readonly log: Log;
  readonly checked = new CheckedInputs();
  readonly expected = new ExpectedDiffs();
  private readonly held = new Held();
  /** By what reaches the API: two names with the same key and host are one organization. */
  private readonly open = new Map<string, Organization>();
  /** Scope → the organization's name under which an activation of this run has claimed it. */
  private readonly claims = new Map<string, string>();

  constructor(
    private readonly settings: Settings,
    private readonly surroundings: Surroundings = { clock: systemClock, log: consoleLog(), transport: httpTransport },
  ) {
    this.clock = surroundings.clock;
    this.log = surroundings.log;
  }

  /** Why an organization cannot be used; undefined where it can. */
  problem(name: string | undefined): string | undefined {
    const resolved = this.settings.get(name ?? "");
    if (resolved === undefined) {
      const known = [...this.settings.keys()].filter((key) => key !== "");
      const names =
        known.length === 0 ? "none so far" : `configured: ${known.map((one) => redactName(one)).join(", ")}`;
      return `organization "${redactName(name ?? "")}" is not configured: add it to ${this.settings.namespace}:organizations (${names})`;
    }
    return "problem" in resolved ? resolved.problem : undefined;
  }

  /** The name under which an organization is known, whichever of its names is given. */
  oneName(name: string | undefined): OneName {
    return oneName(this.settings, name);
  }

  organization(name: string | undefined): Organization {
    const resolved = this.settings.get(name ?? "");
    if (resolved === undefined || "problem" in resolved) {
      throw new ProviderError(this.problem(name) ?? "");
    }
    const key = identityOf(resolved.settings);
    const known = this.open.get(key);
    if (known !== undefined) {
      return known;
    }
    const { clock, log, transport } = this.surroundings;
    const client = new Client(resolved.settings, transport(resolved.settings), clock, log);
    const api = new CertificatesApi(client);
    const authors = new Authors(api, resolved.settings.auditLog, log);
    const organization = new Organization(name, api, clock, authors, this.held);
    this.open.set(key, organization);
    this.tellWhereTheKeyGoes(resolved.settings);
    return organization;
  }

  /** Gateways are legitimate; but whoever changes the stack's configuration decides who gets the key, and a review should see it. */
  private tellWhereTheKeyGoes({ baseUrl, names }: OrganizationSettings): void {
    const { host, hostname } = new URL(baseUrl);
    if (!isVendors(hostname) && !isLoopback(hostname)) {
      this.log.info(
        `the admin key is sent to ${redactName(host)}, which is not a host of OpenAI, because ${names.baseUrl} says so`,
      );
    }
  }

  /**
   * Claims a scope for the activation of an organization's name. Answers the other name under which it is claimed already:
   * two names of one organization, found only here, because keys differ and the API alone knows whose they are.
   */
  claim(organization: Organization, name: string | undefined, scopeId: string): string | undefined {
    const identity = organization.id ?? `unnamed ${organization.number}`;
    const scope = JSON.stringify([identity, scopeId]);
    const first = this.claims.get(scope) ?? name ?? "";
    this.claims.set(scope, first);
    return first === (name ?? "") ? undefined : first;
  }
}
