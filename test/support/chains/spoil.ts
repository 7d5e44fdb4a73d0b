import { der } from "../../../emulator/x509";
import type { ChainDraft } from "./generate";
import { type Draft, type Extension, SEQUENCE, standard, time } from "./maker";

const DAY = 24 * 60 * 60 * 1000;
export const hex = (text: string) => Buffer.from(text, "hex");
export const dns = (name: string) => der(0x82, Buffer.from(name));
export const uri = (text: string) => der(0x86, Buffer.from(text));
export const email = (text: string) => der(0x81, Buffer.from(text));
export const names = (...all: Buffer[]): Extension => ({
  oid: standard(17),
  critical: false,
  value: der(SEQUENCE, ...all),
});
export const subtrees = (tag: number, all: Buffer[]) =>
  all.length > 0 ? [der(tag, ...all.map((one) => der(SEQUENCE, one)))] : [];
export const constraints = (permitted: Buffer[], excluded: Buffer[] = []): Extension => ({
  oid: standard(30),
  critical: true,
  value: der(SEQUENCE, ...subtrees(0xa0, permitted), ...subtrees(0xa1, excluded)),
});
export const custom = (critical: boolean, last: 1 | 2): Extension => ({
  oid: hex(`06072a03040506070${last}`),
  critical,
  value: hex("0500"),
});

export const leaf = ({ path }: ChainDraft) => path[0]!;
export const issuer = ({ path }: ChainDraft) => path[1]!;
export const any = ({ path, random }: ChainDraft) => path[random(path.length)]!;
export const authority = ({ path, random }: ChainDraft) => path[1 + random(path.length - 1)]!;
export const anchor = ({ path }: ChainDraft) => path.at(-1)!;
export const isOf =
  (last: number) =>
  ({ oid }: Extension) =>
    oid.equals(standard(last));
export const drop = (draft: Draft, last: number) => {
  draft.extensions = draft.extensions.filter((one) => !isOf(last)(one));
};
export const put = (draft: Draft, last: number, value: string, critical = true) => {
  drop(draft, last);
  draft.extensions.push({ oid: standard(last), critical, value: hex(value) });
};
export const add = (draft: Draft, ...extensions: Extension[]) => draft.extensions.push(...extensions);
export const markCritical = (draft: Draft, last: number, critical: boolean) => {
  for (const one of draft.extensions.filter(isOf(last))) one.critical = critical;
};
export const expire = (draft: Draft, { now }: ChainDraft) => {
  draft.notBefore = time(new Date(now.getTime() - 9 * DAY));
  draft.notAfter = time(new Date(now.getTime() - DAY));
};
/** A generation of the same certificate with another serial number. */
export const copy = (draft: Draft, changes: Partial<Draft> = {}): Draft => ({
  ...draft,
  serial: Buffer.concat([Buffer.of(0x41), draft.serial]),
  extensions: draft.extensions.map((one) => ({ ...one })),
  ...changes,
});
export const rename = (chain: ChainDraft, index: number, subject: Buffer) => {
  chain.path[index]!.subject = subject;
  if (index === chain.path.length - 1) chain.path[index]!.issuer = subject;
};

export function trustOnly(chain: ChainDraft, ...anchors: Draft[]): void {
  chain.anchors = anchors;
}

/** Gives an authority another key, and has everything below it signed by that. */
export function rekey(chain: ChainDraft, kind: "secp256k1" | "rsa1024"): void {
  const index = 1 + chain.random(chain.path.length - 1);
  const draft = chain.path[index]!;
  const key = chain.key(kind);
  if (draft.signer === draft.key) draft.signer = key;
  draft.key = key;
  put(draft, 14, der(0x04, key.identifier).toString("hex"), false);
  const below = chain.path[index - 1]!;
  below.signer = key;
  put(below, 35, der(SEQUENCE, der(0x80, key.identifier)).toString("hex"), false);
}

export function constrain(chain: ChainDraft, extension: Extension, ...alternatives: Buffer[]): void {
  add(authority(chain), extension);
  if (alternatives.length > 0) add(leaf(chain), names(...alternatives));
}

export function withSerial(chain: ChainDraft, serial: Buffer): void {
  const above = issuer(chain);
  const issuerName = der(0xa1, der(0xa4, above.issuer));
  const value = der(SEQUENCE, der(0x80, above.key.identifier), issuerName, der(0x82, serial));
  put(leaf(chain), 35, value.toString("hex"), false);
}

export function selfIssued(chain: ChainDraft): void {
  const index = chain.path.length - 2;
  if (index < 1) return;
  rename(chain, index, anchor(chain).subject);
  chain.path[index - 1]!.issuer = anchor(chain).subject;
}
