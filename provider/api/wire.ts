import { flag, list, MalformedAnswer, object, optionalText, text, unixTime, unixTimeOrNone } from "./fields";

export { MalformedAnswer } from "./fields";

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

export function parseCertificate(body: unknown): CertificateInfo {
  return info(body, "the certificate");
}

export function parseCertificateWithContent(body: unknown): CertificateWithContent {
  const certificate = info(body, "the certificate");
  const content = text(details(body, "the certificate")["content"], "the certificate.certificate_details.content");
  return { ...certificate, content };
}

/** A toggle's answer: the certificates it was about. Today's document and older ones differ in the object around them. */
export function parseToggle(body: unknown): ListedCertificate[] {
  return data(body).map((item, index) => listed(item, `data[${index}]`));
}

export function parseDeleted(body: unknown): { id: string } {
  return { id: text(object(body, "the answer")["id"], "id") };
}

/** The answer, if it is about what was asked for: a cache on the way may give another certificate's, or a deletion that never was. */
export function about<T extends { readonly id: string }>(id: string, answer: T): T {
  if (answer.id !== id) {
    throw new MalformedAnswer("it is about another certificate than the one asked for");
  }
  return answer;
}

export function parseCertificatePage(body: unknown): Page<ListedCertificate> {
  return parsePage(body, listed);
}

export function parseProjectPage(body: unknown): Page<Project> {
  return parsePage(body, (item, where) => {
    const { id, name } = object(item, where);
    return { id: text(id, `${where}.id`), name: optionalText(name, `${where}.name`) };
  });
}

/** One page of any list; `parse` reads an item, which it may name as `where` says. */
export function parsePage<T extends { id: string }>(
  body: unknown,
  parse: (item: unknown, where: string) => T,
): Page<T> {
  const items = data(body).map((item, index) => parse(item, `data[${index}]`));
  const { has_more: more, last_id: next } = object(body, "the answer");
  if (!flag(more, "has_more")) {
    return { items, next: undefined };
  }
  if (typeof next !== "string" || next === "" || items.length === 0) {
    throw new MalformedAnswer("has_more is true, but there is no last_id to continue from");
  }
  return { items, next };
}

function data(body: unknown): unknown[] {
  return list(object(body, "the answer")["data"], "data");
}

function listed(item: unknown, where: string): ListedCertificate {
  const certificate = info(item, where);
  return { ...certificate, active: flag(object(item, where)["active"], `${where}.active`) };
}

function info(item: unknown, where: string): CertificateInfo {
  const { id, name, created_at: createdAt } = object(item, where);
  const { valid_at: validAt, expires_at: expiresAt } = details(item, where);
  return {
    id: text(id, `${where}.id`),
    name: optionalText(name, `${where}.name`),
    createdAt: unixTime(createdAt, `${where}.created_at`),
    // The document does not require these two, and nothing is decided by them.
    validAt: unixTimeOrNone(validAt),
    expiresAt: unixTimeOrNone(expiresAt),
  };
}

function details(item: unknown, where: string): Record<string, unknown> {
  return object(object(item, where)["certificate_details"], `${where}.certificate_details`);
}
