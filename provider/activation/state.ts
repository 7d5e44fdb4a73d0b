import type { ListedCertificate } from "../api/wire";
import type { Properties } from "../lifecycle";
import { desired, isSameSet, listedIds, withoutHints } from "./desired";
import type { Plan } from "./plan";

/** What state says of an activation: what the program listed until now, apart from what was observed. */
export interface Before {
  /** With what it has ceased to list and has yet to deactivate. */
  readonly listed: readonly string[];
  /** Of these, what goes once no listed anchor is held back. */
  readonly retiring: readonly string[];
  /** Listed ids that were held back, because their CEL filter was not attached. */
  readonly heldBack: readonly string[];
  readonly exclusive: boolean;
  /** The organization's own id, where the API sent it. */
  readonly organizationId: string | undefined;
}

/** The outputs that no program gives. */
const OBSERVED = [
  "listedCertificateIds",
  "heldBackCertificateIds",
  "retiringCertificateIds",
  "organizationId",
] as const;

/** Out of outputs, or of the inputs that check and an import have; undefined where there is no state yet. */
export function before(olds: Properties): Before | undefined {
  const listed = listedIds(olds["listedCertificateIds"] ?? olds["certificateIds"]);
  if (listed === undefined) {
    return undefined;
  }
  const organizationId = olds["organizationId"];
  const retiring = listedIds(olds["retiringCertificateIds"]) ?? [];
  return {
    listed: [...listed, ...retiring],
    retiring,
    heldBack: listedIds(olds["heldBackCertificateIds"]) ?? [],
    exclusive: olds["exclusive"] !== false,
    organizationId: typeof organizationId === "string" ? organizationId : undefined,
  };
}

export interface Observed {
  readonly listed: readonly ListedCertificate[];
  readonly heldBack: readonly string[];
  readonly retiring: readonly string[];
  readonly organizationId: string | undefined;
}

/**
 * State: the inputs, with the set as it was observed, and what the program listed as an output of its own, so that a
 * refresh never makes others' anchors this resource's own. `alsoListed`: what it has yet to deactivate.
 */
export function toState(news: Properties, observed: Observed, alsoListed: readonly string[] = []): Properties {
  const inputs = activationInputs(news);
  const { ids, exclusive, ignored } = desired(inputs);
  const given = inputs["certificateIds"] as readonly string[];
  const { listed, heldBack, retiring, organizationId } = observed;
  const mine = new Set(exclusive ? listed.map(({ id }) => id).filter((id) => !ignored.includes(id)) : ids);
  const active = listed.filter((one) => one.active && mine.has(one.id)).map(({ id }) => id);
  return {
    ...inputs,
    certificateIds: active.sort(),
    listedCertificateIds: [...given, ...alsoListed.filter((id) => !ids.includes(id))],
    ...(heldBack.length === 0 ? {} : { heldBackCertificateIds: [...heldBack].sort() }),
    ...(retiring.length === 0 ? {} : { retiringCertificateIds: [...retiring].sort() }),
    ...(organizationId === undefined ? {} : { organizationId }),
  };
}

/** Whether state says what is: a refresh, or a run before this one, may have seen the set while others were changing it. */
export function isObserved(
  olds: Properties,
  news: Properties,
  listed: readonly ListedCertificate[],
  { heldBack, retiring }: Pick<Observed, "heldBack" | "retiring">,
): boolean {
  const { certificateIds } = toState(news, { listed, heldBack: [], retiring: [], organizationId: undefined });
  const isSame = (ids: readonly string[], key: string) => isSameSet(ids, listedIds(olds[key]) ?? []);
  return (
    isSame(certificateIds as string[], "certificateIds") &&
    isSame(heldBack, "heldBackCertificateIds") &&
    isSame(retiring, "retiringCertificateIds")
  );
}

/** The inputs that state keeps: with what the program listed, not with what was observed. */
export function inputsOf(state: Properties): Properties {
  return { ...activationInputs(state), certificateIds: state["listedCertificateIds"] ?? state["certificateIds"] ?? [] };
}

/** Everything but what only state has. */
function activationInputs(props: Properties): Properties {
  const own = new Set<string>(OBSERVED);
  return Object.fromEntries(
    Object.entries(withoutHints(props)).filter(([key, value]) => !own.has(key) && value !== undefined),
  );
}

export function withActive(listed: readonly ListedCertificate[], active: ReadonlySet<string>): ListedCertificate[] {
  return listed.map((certificate) => ({ ...certificate, active: active.has(certificate.id) }));
}

export function activeIds(listed: readonly ListedCertificate[]): Set<string> {
  return new Set(listed.filter(({ active }) => active).map(({ id }) => id));
}

/** What the program has listed and a plan leaves active for now. Kept in state, so that it is not forgotten meanwhile. */
export function retiringIds({ postponed }: Pick<Plan, "postponed">, before: Before | undefined): string[] {
  return postponed.filter((id) => before?.listed.includes(id));
}
