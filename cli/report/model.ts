/*
 * What `report --json` prints; docs/report.schema.json documents it. Times are RFC 3339 in UTC. Texts are as the API
 * answered them: whoever shows one has to escape it.
 */

import type { CertificateEvent } from "../../provider/api/auditWire";

export interface Report {
  readonly schemaVersion: 1;
  readonly generatedAt: string;
  readonly baseUrl: string;
  /** From how many days before its end an anchor counts as expiring. */
  readonly limitDays: number;
  readonly organization: ActiveSet;
  /** Every project, those without a set of their own too. */
  readonly projects: readonly ProjectSet[];
  /** Why the projects could not be listed; null where they were. */
  readonly projectsProblem: string | null;
  /** Active ones first, then by the end of their validity. */
  readonly anchors: readonly AnchorReport[];
  /** The worst first. */
  readonly findings: readonly Finding[];
  /** Only where it was asked for. */
  readonly history?: History;
}

/** Who changed what, by the organization's audit log. */
export interface History {
  /** Why the log could not be read; null where it could. */
  readonly problem: string | null;
  /** Newest first. */
  readonly events: readonly HistoryEvent[];
}

export interface HistoryEvent {
  readonly id: string;
  readonly at: string;
  readonly type: CertificateEvent;
  /** Where it happened; null for the organization. */
  readonly project: { readonly id: string; readonly name: string | null } | null;
  readonly certificates: readonly { readonly id: string; readonly name: string | null }[];
  /** What the log says of who did it; what it does not say is null. */
  readonly actor: {
    readonly kind: "session" | "api_key" | null;
    readonly userId: string | null;
    readonly email: string | null;
    readonly ip: string | null;
    readonly keyId: string | null;
    readonly serviceAccountId: string | null;
  };
  /** The same in words, such as `alice@example.com from 198.51.100.7`. */
  readonly who: string;
  /** Whether `--restore` can write the deleted certificate. */
  readonly restorable: boolean;
}

export interface ActiveSet {
  /** Ids of the anchors that are active in this scope. */
  readonly anchorIds: readonly string[];
  /** When the last of them expires, and with it the access of every client; null where none is active or one is unreadable. */
  readonly lastExpiresAt: string | null;
}

export interface ProjectSet extends ActiveSet {
  readonly id: string;
  readonly name: string | null;
  /** Whose set the API checks for requests of this project; null where the project's set could not be read. */
  readonly decidedBy: "project" | "organization" | "nobody" | null;
}

/** `unknown` where neither the list nor the content tells dates. */
export type AnchorStatus = "valid" | "expiring" | "expired" | "not yet valid" | "unknown";

export interface AnchorReport {
  readonly id: string;
  readonly name: string | null;
  /** SHA-256 of the DER, lower-case hex; null where the content is not a readable certificate. */
  readonly fingerprint: string | null;
  /** Who stands behind the anchor, in a few words. */
  readonly authority: string | null;
  readonly subject: string | null;
  readonly issuer: string | null;
  readonly createdAt: string;
  readonly validAt: string | null;
  readonly expiresAt: string | null;
  readonly status: AnchorStatus;
  /** Whole days until it expires; negative once it has. */
  readonly daysLeft: number | null;
  readonly activeIn: {
    readonly organization: boolean;
    /** Ids. */
    readonly projects: readonly string[];
  };
  /** Ids of other certificates with the same DER. */
  readonly duplicates: readonly string[];
}

export type FindingCode =
  | "set-expired"
  | "set-expiring"
  | "set-not-yet-valid"
  | "expired"
  | "expiring"
  | "not-enforced"
  | "bundle"
  | "unreadable"
  | "accepts-nobody"
  | "same-name"
  | "project-unreadable"
  | "duplicate"
  | "no-free-slot"
  | "not-yet-valid"
  | "unused";

/** `problem`: clients are refused, now or within the limit. `warning`: to be looked at. `note`: to be tidied up. */
export type Level = "problem" | "warning" | "note";

export interface Finding {
  readonly level: Level;
  readonly code: FindingCode;
  readonly message: string;
  readonly advice: string;
  readonly anchorIds: readonly string[];
  /** Where a finding is about one active set: `organization`, or a project's id. */
  readonly scope: string | null;
}
