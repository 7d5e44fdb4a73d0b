/**
 * What the engine sends in preview for a value that is not known yet, as a whole or inside a list. Dynamic providers see
 * the raw sentinel of Pulumi's wire format (@pulumi/pulumi runtime/rpc, `unknownValue`).
 */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function isUnknown(value: unknown): boolean {
  return value === UNKNOWN;
}
