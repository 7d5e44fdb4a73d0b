import type { X509Certificate } from "node:crypto";
import { named } from "../words";
import type { Facts } from "./facts";
import { type Problem, refusedBySome } from "./rules";

/** An active anchor, parsed; `facts` are missing where it is not encoded strictly. */
export interface Anchor {
  readonly id: string;
  readonly name: string | null;
  readonly x509: X509Certificate;
  readonly facts: Facts | undefined;
  readonly celFilter: string | undefined;
}

/** The certificates that a client presents, read. `names`: the leaf's first. */
export interface Presented {
  readonly leaf: Facts;
  readonly others: readonly Facts[];
  readonly names: readonly string[];
}

/** An anchor as messages name it. */
export function anchorName({ id, name }: Pick<Anchor, "id" | "name">): string {
  return `anchor ${named({ id, name })}`;
}

/** What is said of a certificate that OpenSSL reads and a strict parser does not. */
export function unreadable(name: string): Problem {
  return refusedBySome("encoding", `${name} cannot be validated: it is not encoded as RFC 5280 demands`);
}

/** Whether two certificates have the same DER. */
export function isSame(one: X509Certificate, other: X509Certificate): boolean {
  return one.fingerprint256 === other.fingerprint256;
}
