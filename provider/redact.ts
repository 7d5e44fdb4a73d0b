const LONGEST = 400;

/**
 * Text that came from outside (an answer's message, a socket's error), fit for an error message: no key in it, no PEM,
 * one line, bounded. The API itself repeats parts of a rejected key in its message, so patterns are masked as well as
 * the known secrets.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length > 0) {
      clean = clean.split(secret).join("[redacted]");
    }
  }
  clean = clean
    .replace(/-----BEGIN [\s\S]*?(?:-----END [^-]*-----|$)/g, "[redacted PEM]")
    .replace(/\bsk-[A-Za-z0-9_*.-]+/g, "[redacted]")
    .replace(/\bBearer\s+\S+/gi, "Bearer [redacted]")
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .trim();
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST)}…` : clean;
}
