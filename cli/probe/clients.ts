import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { UsageError } from "../command";
import type { Expectation } from "./model";

/** One client as the options name it, its files read. */
export interface Client {
  readonly name: string;
  readonly expected: Expectation;
  /** Undefined for a client that presents no certificate. */
  readonly identity: Identity | undefined;
}

/** PEM texts, and the first certificate of the chain. */
export interface Identity {
  readonly chain: string;
  readonly key: string;
  readonly leaf: X509Certificate;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/;

/** The clients of `--client` and `--expect`. A UsageError where an option is wrong or a file cannot be used. */
export function readClients(specs: readonly string[], expectations: readonly string[]): Client[] {
  if (specs.length === 0) throw new UsageError("--client NAME=CHAIN.pem,KEY.pem is needed, once for each client");
  const named = specs.map(parseSpec);
  const twice = named.find(({ name }, index) => named.findIndex((other) => other.name === name) < index);
  if (twice !== undefined) throw new UsageError(`--client names '${twice.name}' twice`);
  const expected = parseExpectations(expectations, new Set(named.map(({ name }) => name)));
  return named.map(({ name, files }) => ({
    name,
    expected: expected.get(name) ?? expected.get("") ?? "accepted",
    identity: files && readIdentity(name, files),
  }));
}

interface Files {
  readonly chain: string;
  readonly key: string;
}

/** Nothing of a malformed option is repeated: a key may have been pasted into it. */
function parseSpec(spec: string): { name: string; files: Files | undefined } {
  const [, name = "", value = ""] = /^([\w.@-]{1,64})=(.+)$/s.exec(spec) ?? [];
  const [chain = "", key = "", ...more] = value.split(",");
  if (name !== "" && value === "none") return { name, files: undefined };
  if (name !== "" && chain !== "" && key !== "" && more.length === 0) return { name, files: { chain, key } };
  throw new UsageError("--client takes NAME=CHAIN.pem,KEY.pem, or NAME=none for a client without a certificate");
}

/** By client; the expectation of all others is under "". */
function parseExpectations(texts: readonly string[], names: ReadonlySet<string>): Map<string, Expectation> {
  const expected = new Map<string, Expectation>();
  for (const text of texts) {
    const [, name = "", result] = /^(?:(.+)=)?(accepted|refused)$/.exec(text) ?? [];
    if (result !== "accepted" && result !== "refused") {
      throw new UsageError("--expect takes accepted or refused, for one client as NAME=accepted or NAME=refused");
    }
    if (name !== "" && !names.has(name)) throw new UsageError(`--expect names '${name}', which no --client has`);
    if (expected.has(name))
      throw new UsageError(`--expect is given twice for ${name === "" ? "all clients" : `'${name}'`}`);
    expected.set(name, result);
  }
  return expected;
}

function readIdentity(name: string, files: Files): Identity {
  const chain = readPem(name, "chain", files.chain);
  const key = readPem(name, "key", files.key);
  const [block] = CERTIFICATE.exec(chain) ?? [];
  if (block === undefined) {
    const swapped = chain.includes("PRIVATE KEY-----") ? " (it holds a private key: are the two files swapped?)" : "";
    throw new UsageError(`client '${name}': ${files.chain} holds no PEM certificate${swapped}`);
  }
  let leaf: X509Certificate;
  try {
    leaf = new X509Certificate(block);
  } catch {
    throw new UsageError(`client '${name}': the first certificate in ${files.chain} cannot be decoded`);
  }
  if (!leaf.checkPrivateKey(readKey(name, key, files.key))) {
    throw new UsageError(
      `client '${name}': the key in ${files.key} does not belong to the first certificate in ${files.chain}; the client's own certificate comes first, then the intermediates`,
    );
  }
  return { chain, key, leaf };
}

function readKey(name: string, pem: string, file: string): KeyObject {
  if (/ENCRYPTED/.test(pem)) {
    throw new UsageError(
      `client '${name}': the key in ${file} is protected by a passphrase; give a copy without one, kept in a safe place`,
    );
  }
  try {
    return createPrivateKey(pem);
  } catch {
    // OpenSSL's own message may quote the file.
    throw new UsageError(`client '${name}': ${file} holds no readable private key in PEM`);
  }
}

function readPem(name: string, what: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`client '${name}': the ${what} file ${file} cannot be read (${code})`);
  }
}
