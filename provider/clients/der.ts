/** One DER value: its tag byte, its content, and all of its bytes. */
export interface Der {
  readonly tag: number;
  readonly content: Buffer;
  readonly bytes: Buffer;
}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  sequence: 0x30,
  set: 0x31,
} as const;

/** What is said of bytes that are not the DER that RFC 5280 describes; the caller says where they stand. */
export class NotDer extends Error {}

/** The values that stand one after the other. Strict: one-byte tags, definite lengths in their shortest form, nothing left over. */
export function values(buffer: Buffer): Der[] {
  const found: Der[] = [];
  for (let at = 0; at < buffer.length; ) {
    const [tag, first] = [buffer[at]!, buffer[at + 1]];
    if (first === undefined || (tag & 0x1f) === 0x1f) throw new NotDer();
    const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
    const start = at + 2 + lengthBytes;
    if (first === 0x80 || lengthBytes > 4 || start > buffer.length) throw new NotDer();
    const length = lengthBytes === 0 ? first : buffer.readUIntBE(at + 2, lengthBytes);
    const isShortest = lengthBytes === 0 || (length >= 0x80 && buffer[at + 2] !== 0);
    if (!isShortest || start + length > buffer.length) throw new NotDer();
    found.push({ tag, content: buffer.subarray(start, start + length), bytes: buffer.subarray(at, start + length) });
    at = start + length;
  }
  return found;
}

/** The content of the one value that a buffer holds. */
export function only(buffer: Buffer, tag: number): Buffer {
  const [value, ...more] = values(buffer);
  if (value?.tag !== tag || more.length > 0) throw new NotDer();
  return value.content;
}

/** The values in the one SEQUENCE that a buffer holds. */
export function sequence(buffer: Buffer): Der[] {
  return values(only(buffer, TAG.sequence));
}

/** Whether a buffer holds well-formed values, the constructed ones down to their innermost. */
export function isWellFormed(buffer: Buffer): boolean {
  try {
    return values(buffer).every(({ tag, content }) => (tag & 0x20) === 0 || isWellFormed(content));
  } catch {
    return false;
  }
}

/** An object identifier in dots. */
export function oid(content: Buffer): string {
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const byte of content) {
    arc = (arc << 7n) | BigInt(byte & 0x7f);
    if (byte & 0x80) continue;
    arcs.push(arc);
    arc = 0n;
  }
  const [head, ...rest] = arcs;
  if (head === undefined || (content.at(-1)! & 0x80) !== 0) throw new NotDer();
  const root = head < 80n ? head / 40n : 2n;
  return [root, head - root * 40n, ...rest].join(".");
}

/** A BOOLEAN: DER has two of them. */
export function boolean(content: Buffer): boolean {
  if (content.length !== 1 || (content[0] !== 0x00 && content[0] !== 0xff)) throw new NotDer();
  return content[0] === 0xff;
}

/** An INTEGER that is not negative; as large as JavaScript counts exactly, and Infinity beyond. */
export function natural(content: Buffer): number {
  const [first, second] = content;
  const padded = first === 0 && second !== undefined && second < 0x80;
  if (first === undefined || first >= 0x80 || padded) throw new NotDer();
  return content.length > 6 ? Number.POSITIVE_INFINITY : content.readUIntBE(0, content.length);
}
