import type * as pulumi from "@pulumi/pulumi";

/** Which certificate: by exactly one of `id` and `name`. */
export interface GetCertificateArgs {
  id?: string | undefined;
  /** The name in the organization. It is an error if several certificates have it. */
  name?: string | undefined;
  /** Which organization of `openai:organizations`; default: the one of `openai:adminKey`. */
  organization?: string | undefined;
}

/** Takes values of {@link GetCertificateArgs} that may not be known yet. */
export interface GetCertificateOutputArgs {
  id?: pulumi.Input<string | undefined>;
  name?: pulumi.Input<string | undefined>;
  organization?: pulumi.Input<string | undefined>;
}

/** Which certificates. */
export interface GetCertificatesArgs {
  /** True: those in the organization's active set; false: the others. Default: all. */
  active?: boolean | undefined;
  /** Which organization of `openai:organizations`; default: the one of `openai:adminKey`. */
  organization?: string | undefined;
}

/** Takes values of {@link GetCertificatesArgs} that may not be known yet. */
export interface GetCertificatesOutputArgs {
  active?: pulumi.Input<boolean | undefined>;
  organization?: pulumi.Input<string | undefined>;
}

/** A certificate as lists show it. Times are RFC 3339, UTC. */
export interface CertificateSummary {
  id: string;
  /** Empty if it has none. */
  name: string;
  /** When it was uploaded. */
  createdAt: string;
  /** Start of its validity; missing if the API does not list it. */
  validAt?: string;
  /** End of its validity; missing if the API does not list it. */
  expiresAt?: string;
  /** Whether it is in the organization's active set. The active sets of projects are not read. */
  active: boolean;
}

/** A certificate with its content. */
export interface GetCertificateResult extends CertificateSummary {
  /** Canonical PEM. */
  certificate: string;
  /** SHA-256 of the DER, lower-case hex. */
  fingerprint: string;
  validAt: string;
  expiresAt: string;
}
