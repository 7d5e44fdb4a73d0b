import type { ListedCertificate } from "../api/wire";
import type { Properties } from "../lifecycle";
import { activationInputs } from "./inputs";

/** What state holds: the inputs, with the set as it was observed. No output lists what others manage. */
export function toState(news: Properties, listed: readonly ListedCertificate[]): Properties {
  const { wanted, exclusive, ignored } = activationInputs(news);
  const mine = new Set(exclusive ? listed.map(({ id }) => id).filter((id) => !ignored.includes(id)) : wanted);
  const observed = listed.filter(({ id, active }) => active && mine.has(id)).map(({ id }) => id);
  return { ...news, certificateIds: observed.sort() };
}

/** State after a plan that stopped half way: the resource still answers for what it had yet to deactivate. */
export function toPartialState(
  news: Properties,
  listed: readonly ListedCertificate[],
  deactivate: readonly string[],
): Properties {
  const state = toState(news, listed);
  const left = listed.filter(({ id, active }) => active && deactivate.includes(id)).map(({ id }) => id);
  return { ...state, certificateIds: [...new Set([...(managedBy(state) ?? []), ...left])].sort() };
}

/** The ids a resource answered for; undefined where it is not in state yet. */
export function managedBy(olds: Properties): string[] | undefined {
  const ids = olds["certificateIds"];
  return Array.isArray(ids) ? ids : undefined;
}

export function isExclusive(props: Properties): boolean {
  return props["exclusive"] !== false;
}

export function withActive(listed: readonly ListedCertificate[], active: ReadonlySet<string>): ListedCertificate[] {
  return listed.map((certificate) => ({ ...certificate, active: active.has(certificate.id) }));
}

export function activeIds(listed: readonly ListedCertificate[]): Set<string> {
  return new Set(listed.filter(({ active }) => active).map(({ id }) => id));
}

/** Whether two states are the same but for the provider that the engine keeps with them. */
export function isSame(one: Properties, other: Properties): boolean {
  const { __provider: _, ...a } = one;
  const { __provider: __, ...b } = other;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => JSON.stringify(a[key]) === JSON.stringify(b[key]));
}
