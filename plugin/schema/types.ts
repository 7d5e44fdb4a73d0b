/** The parts of Pulumi's package schema that this package uses (https://www.pulumi.com/docs/reference/pulumi-schema). */
export interface TypeSpec {
  readonly type?: "string" | "boolean" | "number" | "integer" | "array" | "object";
  readonly items?: TypeSpec;
  readonly additionalProperties?: TypeSpec;
  readonly oneOf?: readonly TypeSpec[];
  readonly $ref?: string;
  readonly plain?: boolean;
}

export interface PropertySpec extends TypeSpec {
  readonly description: string;
  readonly default?: string | boolean | number;
  readonly defaultInfo?: { readonly environment: readonly string[] };
  readonly secret?: boolean;
  readonly language?: Readonly<Record<string, unknown>>;
}

export type Properties = Readonly<Record<string, PropertySpec>>;

export interface ObjectSpec {
  readonly description?: string;
  readonly type?: "object";
  readonly properties: Properties;
  readonly required?: readonly string[];
}

export interface ResourceSpec extends ObjectSpec {
  readonly isComponent?: boolean;
  readonly inputProperties: Properties;
  readonly requiredInputs?: readonly string[];
  readonly stateInputs?: ObjectSpec;
  readonly aliases?: readonly { readonly type: string }[];
}

export interface FunctionSpec {
  readonly description: string;
  readonly inputs: ObjectSpec;
  readonly outputs: ObjectSpec;
}

export const PACKAGE = "openai-certificates";

/** `openai-certificates:index:Certificate`. */
export function token<N extends string>(name: N): `openai-certificates:index:${N}` {
  return `${PACKAGE}:index:${name}`;
}

export function reference(name: string): TypeSpec {
  return { $ref: `#/types/${token(name)}` };
}

/** The type that the TypeScript classes of this package register, so that a stack can move to the native type. */
export function dynamicType(name: string): { readonly type: string } {
  return { type: `pulumi-nodejs:dynamic/openai:${name}` };
}

export const text = (description: string, more: Partial<PropertySpec> = {}): PropertySpec => ({
  type: "string",
  description,
  ...more,
});

export const flag = (description: string): PropertySpec => ({ type: "boolean", description });

export const texts = (description: string): PropertySpec => ({
  type: "array",
  items: { type: "string" },
  description,
});
