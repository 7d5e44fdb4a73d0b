const LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?";
/** The last label is not all digits: that would be an address. */
const NAME = new RegExp(`^(?:${LABEL}\\.)*(?!\\d+$)${LABEL}$`, "i");
const UNDER_WILDCARD = new RegExp(`^\\*\\.(?:${LABEL}\\.)+(?!\\d+$)${LABEL}$`, "i");
const MAX_LENGTH = 253;

/**
 * Whether webpki can read a certificate's DNS name; where name constraints are about DNS names, it refuses the whole path
 * for one that it cannot. A wildcard stands for one whole label, with two or more behind it (rustls/webpki, dns_name.rs).
 */
export function isDnsName(text: string): boolean {
  return text.length <= MAX_LENGTH && (NAME.test(text) || UNDER_WILDCARD.test(text));
}

/** The same for the DNS name of a constraint: empty, or a name without a wildcard that may begin with a dot. */
export function isDnsBase(text: string): boolean {
  return text.length <= MAX_LENGTH && (text === "" || NAME.test(text.replace(/^\./, "")));
}

/** A constraint covers the name itself and all below it, with a leading dot only those below; an empty one covers all. */
export function isCovered(name: string, base: string): boolean {
  return base === "" || name === base || name.endsWith(base.startsWith(".") ? base : `.${base}`);
}

/** Whether a wildcard could stand for a name that a constraint covers, or for one above it. */
export function mayStandFor(name: string, base: string): boolean {
  return name.startsWith("*.") && base.endsWith(name.slice(1));
}
