import { isObject } from "./outcome";

/** An answer that is not what the API documents. Never taken for an empty one: that could deactivate an organization. */
export class MalformedAnswer extends Error {}

/** A certificate as the API describes it in lists and toggles. Times are Unix seconds. */
export interface CertificateInfo {
  readonly id: string;
  readonly name: string | null;
  readonly createdAt: number;
  readonly validAt: number | undefined;
  readonly expiresAt: number | undefined;
}

export interface ListedCertificate extends CertificateInfo {
  /** In the scope of the list: the organization or the project. */
  readonly active: boolean;
}

export interface CertificateWithContent extends CertificateInfo {
  readonly content: string;
}

export interface Project {
  readonly id: string;
  readonly name: string | null;
}

/** One page, and where the next one starts. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/** The end of the year 9999, the last that X.509 and RFC 3339 can write. */
const LATEST = 253402300799;

export function parseCertificate(body: unknown): CertificateInfo {
  return info(body, "the certificate");
}

export function parseCertificateWithContent(body: unknown): CertificateWithContent {
  const certificate = info(body, "the certificate");
  const content = details(body)["content"];
  if (typeof content !== "string" || content === "") {
    throw new MalformedAnswer("certificate_details.content is missing");
  }
  return { ...certificate, content };
}

/** A toggle's answer: the certificates it was about. Today's document and older ones differ in the object around them. */
export function parseToggle(body: unknown): ListedCertificate[] {
  return data(body).map(listed);
}

export function parseDeleted(body: unknown): { id: string } {
  if (!isObject(body) || typeof body["id"] !== "string") {
    throw new MalformedAnswer("id is missing");
  }
  return { id: body["id"] };
}

export function parseCertificatePage(body: unknown): Page<ListedCertificate> {
  return page(body, listed);
}

export function parseProjectPage(body: unknown): Page<Project> {
  return page(body, (item, index) => {
    const where = `data[${index}]`;
    return { id: idOf(item, where), name: nameOf(item, where) };
  });
}

function page<T extends { id: string }>(body: unknown, parse: (item: unknown, index: number) => T): Page<T> {
  const items = data(body).map(parse);
  const more = (body as Record<string, unknown>)["has_more"];
  if (typeof more !== "boolean") {
    throw new MalformedAnswer("has_more is missing");
  }
  if (!more) {
    return { items, next: undefined };
  }
  const next = (body as Record<string, unknown>)["last_id"];
  if (typeof next !== "string" || next === "" || items.length === 0) {
    throw new MalformedAnswer("has_more is true, but there is no last_id to go on from");
  }
  return { items, next };
}

function data(body: unknown): unknown[] {
  const items = isObject(body) ? body["data"] : undefined;
  if (!Array.isArray(items)) {
    throw new MalformedAnswer("data is missing");
  }
  return items;
}

function listed(item: unknown, index: number): ListedCertificate {
  const where = `data[${index}]`;
  const certificate = info(item, where);
  const active = (item as Record<string, unknown>)["active"];
  if (typeof active !== "boolean") {
    throw new MalformedAnswer(`${where}.active is missing`);
  }
  return { ...certificate, active };
}

function info(item: unknown, where: string): CertificateInfo {
  const id = idOf(item, where);
  const createdAt = seconds((item as Record<string, unknown>)["created_at"]);
  if (createdAt === undefined) {
    throw new MalformedAnswer(`${where}.created_at is missing`);
  }
  const { valid_at: validAt, expires_at: expiresAt } = details(item);
  return { id, name: nameOf(item, where), createdAt, validAt: seconds(validAt), expiresAt: seconds(expiresAt) };
}

function idOf(item: unknown, where: string): string {
  const id = isObject(item) ? item["id"] : undefined;
  if (typeof id !== "string" || id === "") {
    throw new MalformedAnswer(`${where}.id is missing`);
  }
  return id;
}

function nameOf(item: unknown, where: string): string | null {
  const name = isObject(item) ? item["name"] : undefined;
  if (name !== null && name !== undefined && typeof name !== "string") {
    throw new MalformedAnswer(`${where}.name is neither text nor null`);
  }
  return name ?? null;
}

function details(item: unknown): Record<string, unknown> {
  const found = isObject(item) ? item["certificate_details"] : undefined;
  if (!isObject(found)) {
    throw new MalformedAnswer("certificate_details is missing");
  }
  return found;
}

/** A Unix time that a date can show; undefined for anything else. */
function seconds(value: unknown): number | undefined {
  return typeof value === "number" && value >= 0 && value <= LATEST ? value : undefined;
}
