import type * as pulumi from "@pulumi/pulumi";
import type { ParsedCertificate } from "../../provider/pem";
import type { CelFilterArgs } from "../certificate";

/** When an anchor is in the active set: calendar days in UTC, written `2027-01-31`. */
export interface AnchorDates {
  /** The first day on which it is active; until then it is only uploaded. Default: active at once. */
  activateOn?: string | undefined;
  /** The first day on which it is no longer active. It is deleted on that day. Default: it stays. */
  retireOn?: string | undefined;
}

/**
 * A trust anchor with its dates, in the map form of `TrustAnchors`' `anchors`.
 *
 * @example
 * ```ts
 * import * as fs from "node:fs";
 * import type { TrustAnchor } from "pulumi-openai-certificates";
 *
 * const next: TrustAnchor = {
 *   certificate: fs.readFileSync("corp-root-2027.pem", "utf8"),
 *   activateOn: "2027-01-15",
 * };
 * ```
 */
export interface TrustAnchor extends AnchorDates {
  /** One PEM certificate. */
  certificate: pulumi.Input<string>;
  /** The certificate's name in the organization. Default: the anchor's key. */
  name?: pulumi.Input<string> | undefined;
  /** As for `Certificate`: take over an existing certificate instead of uploading. */
  adopt?: pulumi.Input<boolean | string> | undefined;
  /** As for `Certificate`: the CEL filter that is attached to this certificate in the dashboard. */
  celFilter?: pulumi.Input<CelFilterArgs | undefined>;
}

/** An anchor as read from the map or the folder. Its dates are valid, and `activateOn` comes before `retireOn`. */
export interface Anchor extends TrustAnchor {
  /** The key in the map, or the file's name without its extension. */
  readonly key: string;
  /** For messages: `anchors/corp-root.pem`, or `anchors["corp-root"]`. */
  readonly where: string;
  /** Undefined where the PEM is an output, whose value is not known while the program runs. */
  readonly parsed: ParsedCertificate | undefined;
}

/** What could be read, and what is wrong with the rest. */
export interface Reading {
  readonly anchors: readonly Anchor[];
  /** Any of these refuses the component. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** A reading that found nothing but a problem. */
export function failed(problem: string): Reading {
  return { anchors: [], problems: [problem], warnings: [] };
}

/** Several readings as one. */
export function together(readings: readonly Reading[]): Reading {
  return {
    anchors: readings.flatMap(({ anchors }) => anchors),
    problems: readings.flatMap(({ problems }) => problems),
    warnings: readings.flatMap(({ warnings }) => warnings),
  };
}
