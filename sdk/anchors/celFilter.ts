import * as pulumi from "@pulumi/pulumi";
import { redact } from "../../provider/redact";

const KEYS = ["expression", "attachedTo"];

/**
 * What is wrong with the shape of a filter; undefined where nothing is. The expression itself is checked by the provider,
 * and what is an output is checked once it is known.
 */
export function celFilterProblem(where: string, given: unknown): string | undefined {
  if (given === undefined || isEventual(given)) {
    return undefined;
  }
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    return `${where}: celFilter must be { expression, attachedTo? }`;
  }
  const stray = Object.keys(given).find((key) => !KEYS.includes(key));
  if (stray !== undefined) {
    return `${where}: celFilter has an unknown property "${redact(stray)}"; the known ones are ${KEYS.join(", ")}`;
  }
  const { expression, attachedTo } = given as Record<string, unknown>;
  if (!isText(expression)) {
    return `${where}: celFilter needs an expression (a string)`;
  }
  return attachedTo === undefined || isText(attachedTo)
    ? undefined
    : `${where}: celFilter.attachedTo must be a certificate's id, such as "cert_abc"`;
}

/** Whether a value is known only later. */
export function isEventual(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

function isText(value: unknown): boolean {
  return isEventual(value) || (typeof value === "string" && value.trim() !== "");
}
