import type * as pulumi from "@pulumi/pulumi";
import type { ParsedCertificate } from "../../provider/pem";

/** When an anchor is in the active set: calendar days in UTC, written `2027-01-31`. */
export interface AnchorDates {
  /** The first day it is active; before, it is uploaded only. Default: active at once. */
  activateOn?: string | undefined;
  /** The first day it is not active any more, and deleted. Default: it stays. */
  retireOn?: string | undefined;
}

/** A trust anchor with its dates, in the map form of `TrustAnchors`' `anchors`. */
export interface TrustAnchor extends AnchorDates {
  /** One PEM certificate. */
  certificate: pulumi.Input<string>;
  /** The certificate's name in the organization; default: the anchor's key. */
  name?: pulumi.Input<string> | undefined;
  /** As of `Certificate`: take over an existing certificate instead of uploading. */
  adopt?: pulumi.Input<boolean | string> | undefined;
}

/** An anchor as it was read from the map or the folder; its dates are days that exist, the first before the last. */
export interface Anchor extends TrustAnchor {
  /** The key in the map, or the file's name without `.pem`. */
  readonly key: string;
  /** For messages: `anchors/corp-root.pem`, or `anchors["corp-root"]`. */
  readonly where: string;
  /** Undefined where the PEM is an output, so that it is not known while the program runs. */
  readonly parsed: ParsedCertificate | undefined;
}

/** What could be read, and what is wrong with the rest. */
export interface Reading {
  readonly anchors: readonly Anchor[];
  readonly problems: readonly string[];
}
