import { literal, visible } from "../provider/words";

/** `cert_abc "corp-root"`, or the id alone where there is no name. */
export function named({ id, name }: { readonly id: string; readonly name: string | null }): string {
  return name === null ? visible(id) : `${visible(id)} ${literal(name)}`;
}
