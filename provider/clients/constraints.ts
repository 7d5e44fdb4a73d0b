import { type Der, NotDer, sequence, TAG, values } from "./der";
import { FORM, type GeneralName, generalName } from "./names";

/** The subtrees of a Name Constraints extension (RFC 5280, 4.2.1.10). */
export interface NameConstraints {
  readonly permitted: readonly GeneralName[];
  readonly excluded: readonly GeneralName[];
}

/** A host in lower case, of any number of labels, as Go reads it. */
const HOST = /^(?:[a-z0-9_-]+\.)*[a-z0-9_-]+$/;

/** Reads them as Go does, which refuses a whole certificate for empty ones, a malformed one, a minimum or an uneven mask. */
export function nameConstraints(value: Buffer): NameConstraints {
  const parts = sequence(value);
  const of = (tag: number) =>
    parts.filter((part) => part.tag === tag).flatMap(({ content }) => values(content).map(base));
  const [permitted, excluded] = [of(0xa0), of(0xa1)];
  const all = [...permitted, ...excluded];
  if (all.length === 0 || !all.every(isSound)) throw new NotDer();
  return { permitted, excluded };
}

export function lower(content: Buffer): string {
  return content.toString("latin1").toLowerCase();
}

function base({ tag, content }: Der): GeneralName {
  const [name, ...limits] = values(content);
  if (tag !== TAG.sequence || !name || limits.length > 0) throw new NotDer();
  return generalName(name);
}

function isSound({ form, content }: GeneralName): boolean {
  const text = lower(content);
  if (form === FORM.ip)
    return (content.length === 8 || content.length === 32) && isMask(content.subarray(content.length / 2));
  if (form === FORM.dns) return text === "" || HOST.test(text.replace(/^\./, ""));
  if (form === FORM.email) return HOST.test(text.replace(/^(?:\.|[^@]+@)/, ""));
  if (form === FORM.uri) return HOST.test(text.replace(/^\./, "")) && !/^[\d.]+$/.test(text);
  return true;
}

/** Ones, then zeros. */
function isMask(bytes: Buffer): boolean {
  return /^1*0*$/.test([...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join(""));
}
