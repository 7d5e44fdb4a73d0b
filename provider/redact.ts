const LONGEST = 400;

/** The API itself repeats parts of a rejected key in its message, so whatever begins like a key is masked in texts. */
const LIKE_A_KEY = /\bsk-[A-Za-z0-9_*.-]+/g;

/**
 * What can be a key, in a name: 20 characters or more, not all of them small letters, or asterisks in it. Organizations may be
 * called `sk-telecom` or `acme-sk-prod`.
 */
const CAN_BE_A_KEY = /\bsk-(?:(?=[a-z_-]*[A-Z0-9])[A-Za-z0-9_-]{20,}|[A-Za-z0-9_-]*\*[A-Za-z0-9_*.-]*)/g;

/**
 * Text that came from outside (an answer's message, a socket's error), fit for an error message: no key in it, no PEM,
 * one line, bounded.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  return masked(text, secrets, LIKE_A_KEY);
}

/** Likewise a name that people have chosen, which stays as it is unless a key was put in its place. */
export function redactName(name: string, secrets: readonly string[] = []): string {
  return masked(name, secrets, CAN_BE_A_KEY);
}

/** Almost all texts; the engine of regular expressions takes half a millisecond for the classes of Unicode alone. */
export const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

function masked(text: string, secrets: readonly string[], keys: RegExp): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length > 0) {
      clean = clean.split(secret).join("[redacted]");
    }
  }
  clean = clean
    .replace(/-----BEGIN [\s\S]*?(?:-----END [^-]*-----|$)/g, "[redacted PEM]")
    .replace(keys, "[redacted]")
    .replace(/\bBearer\s+\S+/gi, "Bearer [redacted]");
  clean = (PRINTABLE_ASCII.test(clean) ? clean : clean.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")).trim();
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST)}…` : clean;
}
