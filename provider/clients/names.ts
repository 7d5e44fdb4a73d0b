import { type Der, NotDer, oid, sequence, TAG, values } from "./der";

/** One attribute of a distinguished name: the dotted type, and its text ("" where it is not a string). */
export interface Attribute {
  readonly type: string;
  readonly text: string;
}

/** One alternative name: the number of its form in GeneralName (RFC 5280, 4.2.1.6), and the bytes that say which. */
export interface GeneralName {
  readonly form: number;
  readonly content: Buffer;
}

export const FORM = { other: 0, email: 1, dns: 2, directory: 4, uri: 6, ip: 7 } as const;

const UTF8 = 12;
const PRINTABLE = 19;
const IA5 = 22;
const BMP = 30;
const LATIN = [18, 20, 26]; // NumericString, TeletexString (read as Latin-1 by everybody), VisibleString
const NOT_PRINTABLE = /[^A-Za-z0-9 '()+,./:=?*&-]/;

/** The attributes of a distinguished name, in its order. Throws where a string holds what its type does not allow. */
export function attributes(name: Buffer): Attribute[] {
  return sequence(name).flatMap(({ tag, content }) => {
    if (tag !== TAG.set) throw new NotDer();
    return values(content).map(({ bytes }) => {
      const [type, value, ...more] = sequence(bytes);
      if (type?.tag !== TAG.oid || !value || more.length > 0) throw new NotDer();
      return { type: oid(type.content), text: text(value) };
    });
  });
}

/** The text of a string of any type; "" for what is not a string. */
export function text({ tag, content }: Der): string {
  if (tag === UTF8) return utf8(content);
  // Go refuses a whole certificate for one such character. It takes "*" and "&", as everybody does.
  if (tag === PRINTABLE && NOT_PRINTABLE.test(content.toString("latin1"))) throw new NotDer();
  if (tag === IA5 || tag === PRINTABLE) return ascii(content);
  if (tag === BMP)
    return Buffer.from(content)
      .subarray(0, content.length & ~1)
      .swap16()
      .toString("utf16le");
  return LATIN.includes(tag) ? content.toString("latin1") : "";
}

/** The names in a Subject Alternative Name, none of which may be malformed. */
export function generalNames(value: Buffer): GeneralName[] {
  return sequence(value).map(generalName);
}

/** One GeneralName. An address has 4 or 16 bytes and the text forms are ASCII. */
export function generalName({ tag, content }: Der): GeneralName {
  const form = tag & 0x1f;
  if ((tag & 0xc0) !== 0x80 || form > 8) throw new NotDer();
  if (form === FORM.email || form === FORM.dns || form === FORM.uri) ascii(content);
  return { form, content };
}

export function ascii(content: Buffer): string {
  if (content.some((byte) => byte >= 0x80)) throw new NotDer();
  return content.toString("latin1");
}

/** The text in an otherName's value, and its type. */
export function otherName(content: Buffer): Attribute {
  const [type, value] = values(content);
  if (type?.tag !== TAG.oid || value?.tag !== 0xa0) throw new NotDer();
  const [inner] = values(value.content);
  return { type: oid(type.content), text: inner ? text(inner) : "" };
}

function utf8(content: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    throw new NotDer();
  }
}
