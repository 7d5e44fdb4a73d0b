/** What acts where it should only be shown: a terminal's escapes, bidirectional marks, line separators, lone surrogates. */
const ACTING = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text from the API (names are whatever somebody typed) on one line, where everything can be seen and nothing acts. */
export function visible(text: string): string {
  return text.replace(ACTING, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** The text as a literal of TypeScript, in quotes; fit for a comment and for a message as well. */
export function literal(text: string): string {
  return visible(JSON.stringify(text));
}

/** `cert_abc "corp-root"`, or the id alone where there is no name. */
export function named({ id, name }: { readonly id: string; readonly name: string | null }): string {
  return name === null ? visible(id) : `${visible(id)} ${literal(name)}`;
}
