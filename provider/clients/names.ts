import { type Der, NotDer, oid, sequence, TAG, values } from "./der";

/** One attribute of a distinguished name: the dotted type, and its text. */
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

/** The text of a string of one of the types that Go reads, holding only what its type allows. */
export function text({ tag, content }: Der): string {
  switch (tag) {
    case 12: // UTF8String
      return utf8(content);
    case 18: // NumericString
      return matching(content, /^[0-9 ]*$/);
    case 19: // PrintableString; "*" and "&" are taken by everybody.
      return matching(content, /^[A-Za-z0-9 '()+,./:=?*&-]*$/);
    case 20: // TeletexString, read as Latin-1 by everybody.
      return content.toString("latin1");
    case 22: // IA5String
      return ascii(content);
    case 30: // BMPString
      if (content.length % 2 !== 0) throw new NotDer();
      return Buffer.from(content).swap16().toString("utf16le");
    default:
      throw new NotDer();
  }
}

/** The names in a Subject Alternative Name. Go reads all of them, and refuses the certificate for one that it cannot read. */
export function generalNames(value: Buffer): GeneralName[] {
  return sequence(value).map((one) => {
    const name = generalName(one);
    const { length } = name.content;
    if (name.form === FORM.ip && length !== 4 && length !== 16) throw new NotDer();
    if (name.form === FORM.uri && !isReadableUri(name.content.toString("latin1"))) throw new NotDer();
    return name;
  });
}

/** Only characters that a URI may have (RFC 3986), so that Go does not trip over what JavaScript puts right, such as a tab. */
const URI = /^(?:[\w.~:/?#[\]@!$&'()*+,;=-]|%[0-9a-f]{2})*$/i;

function isReadableUri(text: string): boolean {
  const host = hostOf(text);
  const isHost = host === "" || (!host.includes("%") && host.split(".").every((label) => label !== ""));
  return URI.test(text) && URL.canParse(text) && isHost;
}

/** The host of a URI, an address in brackets too; empty where it has none, like that of a URN. */
export function hostOf(uri: string): string {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(uri)?.[1] ?? "";
  return authority.slice(authority.lastIndexOf("@") + 1).replace(/:\d*$/, "");
}

/** One GeneralName; the text forms are ASCII. */
export function generalName({ tag, content }: Der): GeneralName {
  const form = tag & 0x1f;
  if ((tag & 0xc0) !== 0x80 || form > 8) throw new NotDer();
  if (form === FORM.email || form === FORM.dns || form === FORM.uri) ascii(content);
  return { form, content };
}

function ascii(content: Buffer): string {
  if (content.some((byte) => byte >= 0x80)) throw new NotDer();
  return content.toString("latin1");
}

function matching(content: Buffer, allowed: RegExp): string {
  const text = content.toString("latin1");
  if (!allowed.test(text)) throw new NotDer();
  return text;
}

/** The type of an otherName, and its text; "" where its value is not a UTF8String or an IA5String. */
export function otherName(content: Buffer): Attribute {
  const [type, value] = values(content);
  if (type?.tag !== TAG.oid || value?.tag !== 0xa0) throw new NotDer();
  const [inner] = values(value.content);
  return { type: oid(type.content), text: inner?.tag === 12 || inner?.tag === 22 ? text(inner) : "" };
}

function utf8(content: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    throw new NotDer();
  }
}
