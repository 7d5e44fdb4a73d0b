import { createAuthority } from "../../../emulator";
import { fingerprintOf, realAnchors } from "../anchors";

export interface Anchor {
  readonly pem: string;
  readonly fingerprint: string;
}

/** As many anchors as have a client. */
export const WITH_CLIENT = 4;
/** As many as can replace all but one of a full organization's certificates. */
const REAL = 64;

let made: { readonly anchors: readonly Anchor[]; readonly clients: readonly string[] } | undefined;

/** Makes the certificates that all sequences of a process play with; call before the first. */
export async function makeMaterial(): Promise<void> {
  if (made !== undefined) {
    return;
  }
  const names = Array.from({ length: WITH_CLIENT }, (_, index) => `Authority ${index}`);
  const authorities = await Promise.all(names.map((commonName) => createAuthority({ commonName })));
  const issued = await Promise.all(authorities.map((authority) => authority.client()));
  const pems = [...authorities.map(({ certificate }) => certificate), ...realAnchors(REAL)];
  made = {
    anchors: pems.map((pem) => ({ pem, fingerprint: fingerprintOf(pem) })),
    clients: issued.map(({ chain }) => chain),
  };
}

export function anchors(): readonly Anchor[] {
  return made?.anchors ?? [];
}

/** Client n chains to anchor n. */
export function clients(): readonly string[] {
  return made?.clients ?? [];
}
