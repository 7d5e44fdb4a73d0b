/** One DER value: its tag byte and its content. */
interface Value {
  readonly tag: number;
  readonly content: Buffer;
}

const EXTENSIONS = 0xa3;
const INTEGER = 0x02;
const OCTET_STRING = 0x04;

/** The value of a certificate's extension, by the DER of its object identifier; undefined where it has none. */
export function extension(certificate: Buffer, oid: Buffer): Buffer | undefined {
  const [tbs] = values(values(certificate)[0]?.content);
  const [extensions] = values(values(tbs?.content).find(({ tag }) => tag === EXTENSIONS)?.content);
  const found = values(extensions?.content)
    .map(({ content }) => values(content))
    .find(([id]) => id?.content.equals(oid));
  return found?.find(({ tag }) => tag === OCTET_STRING)?.content;
}

/** The first number in a SEQUENCE, such as the path length in basicConstraints. */
export function firstInteger(sequence: Buffer): number | undefined {
  const found = values(values(sequence)[0]?.content).find(({ tag }) => tag === INTEGER);
  return found?.content.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** The DER values that stand one after the other in a buffer. OpenSSL has parsed it before: it is well-formed. */
function values(buffer: Buffer = Buffer.alloc(0)): Value[] {
  const found: Value[] = [];
  let at = 0;
  while (at + 1 < buffer.length) {
    const first = buffer[at + 1] ?? 0;
    const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
    const start = at + 2 + lengthBytes;
    const length = lengthBytes === 0 ? first : buffer.readUIntBE(at + 2, lengthBytes);
    found.push({ tag: buffer[at] ?? 0, content: buffer.subarray(start, start + length) });
    at = start + length;
  }
  return found;
}
