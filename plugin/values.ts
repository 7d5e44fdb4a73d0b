import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Properties } from "../provider/lifecycle";
import { UNKNOWN } from "../provider/unknown";

/** A bag of properties as it came over the wire: plain values, and which of its keys hold a secret anywhere. */
export interface Received {
  readonly properties: Properties;
  readonly secrets: ReadonlySet<string>;
}

/** Marks an object of the wire as something else (pulumi/pulumi sdk/go/common/resource/sig). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** One sentinel for each type an unknown value may have (pulumi/pulumi sdk/go/common/resource/plugin/rpc.go). */
const UNKNOWNS: ReadonlySet<unknown> = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/**
 * Reads a bag: secrets unwrapped, every unknown value as {@link UNKNOWN}, nothing for null. Keys that begin with two
 * underscores belong to whoever wrote the state before (`__provider` of the dynamic provider) and are left out: the engine
 * keeps old outputs for as long as a resource does not change.
 */
export function received(struct: Struct | undefined): Received {
  const secrets = new Set<string>();
  const properties: Properties = {};
  for (const [key, value] of Object.entries(struct?.toJavaScript() ?? {})) {
    if (key.startsWith("__")) {
      continue;
    }
    const plain = unwrap(value, () => secrets.add(key));
    if (plain !== undefined) {
      properties[key] = plain;
    }
  }
  return { properties, secrets };
}

/**
 * A provider's argument. Generated SDKs send those that are no text as JSON text, and the ones for .NET and Java leave secrets
 * marked inside it.
 */
export function fromJsonText(value: unknown): unknown {
  if (typeof value !== "string" || !value.includes(SIGNATURE)) {
    return value;
  }
  try {
    return unwrap(JSON.parse(value), () => undefined);
  } catch {
    return value;
  }
}

/** Writes a bag, with the values of `secrets` wrapped again as a whole. */
export function struct(properties: Properties, secrets: ReadonlySet<string> = new Set()): Struct {
  const wire: Properties = {};
  for (const [key, value] of Object.entries(properties)) {
    if (value !== undefined) {
      const plain = withoutUndefined(value);
      wire[key] = secrets.has(key) ? { [SIGNATURE]: SECRET, value: plain } : plain;
    }
  }
  return Struct.fromJavaScript(wire as Parameters<typeof Struct.fromJavaScript>[0]);
}

function unwrap(value: unknown, isSecret: () => void): unknown {
  if (value === null || UNKNOWNS.has(value)) {
    return value === null ? undefined : UNKNOWN;
  }
  if (Array.isArray(value)) {
    return value.map((item) => unwrap(item, isSecret) ?? null);
  }
  if (typeof value !== "object") {
    return value;
  }
  const bag = value as Record<string, unknown>;
  if (bag[SIGNATURE] === SECRET) {
    isSecret();
    return unwrap(bag["value"], isSecret);
  }
  return Object.fromEntries(
    Object.entries(bag).flatMap(([key, item]) => {
      const plain = unwrap(item, isSecret);
      return plain === undefined ? [] : [[key, plain]];
    }),
  );
}

/** google-protobuf throws for an undefined anywhere. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutUndefined);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const known = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(known.map(([key, item]) => [key, withoutUndefined(item)]));
}
