import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../../emulator";

export const KEY = "sk-admin-test-key";
const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

/** Real trust anchors from Node's own list that stay valid for another year. */
export const ANCHORS = rootCertificates.filter(
  (pem) => Date.parse(new X509Certificate(pem).validTo) > Date.now() + YEAR_MS,
);

/** The n-th of them. */
export function anchor(n = 0): string {
  const pem = ANCHORS[n];
  if (pem === undefined) throw new Error(`Node has no trust anchor number ${n}.`);
  return pem;
}

/** What a client sees of one answer. */
export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
  readonly body: any;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly key?: string | null;
  readonly headers?: Record<string, string>;
}

/** Sends one request; `path` goes after the base URL, a `body` that is no string is sent as JSON. */
export async function call(
  emulator: Emulator,
  method: string,
  path: string,
  { body, key = KEY, headers = {} }: CallOptions = {},
): Promise<Seen> {
  const response = await fetch(emulator.url + path, {
    method,
    headers: { ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
}

/** Starts emulators for the tests of one file and closes them after each test. */
export function emulators(): (options?: Partial<EmulatorOptions>) => Promise<Emulator> {
  const running: Emulator[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((emulator) => emulator.close()));
  });
  return async (options = {}) => {
    const emulator = await startEmulator({ adminKey: KEY, ...options });
    running.push(emulator);
    return emulator;
  };
}

/** Uploads the first `count` anchors behind the API's back and answers their ids. */
export function uploadAnchors(emulator: Emulator, count: number): string[] {
  return Array.from({ length: count }, (_, n) =>
    emulator.organization().upload({ name: `anchor-${n}`, certificate: anchor(n) }),
  );
}
