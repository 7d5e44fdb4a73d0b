/** The reference of the native plugin, docs/reference/plugin.md, from its schema; `npm run docs` writes it. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { schema } from "../../plugin/schema";
import type {
  FunctionSpec,
  ObjectSpec,
  Properties,
  PropertySpec,
  ResourceSpec,
  TypeSpec,
} from "../../plugin/schema/types";

export const REFERENCE = "plugin.md";

/** The page as Markdown. */
export function pluginReference(): string {
  return [
    "# Native plugin",
    "Resources, functions and provider arguments of `openai-certificates`, for programs in every language. Names are written " +
      "as in YAML: Python has `certificate_ids` for `certificateIds`, Go and C# `CertificateIds` (and C# `Pem` for `certificate`). What may be missing has a question mark.",
    "## Provider",
    `${schema.provider.description} Each argument is also a key of the stack's configuration, such as ` +
      `\`${schema.name}:baseUrl\`, for the default provider.`,
    table("argument", schema.provider.inputProperties),
    "## Resources",
    ...Object.entries(schema.resources).map(([token, spec]) => resource(token, spec)),
    "## Functions",
    ...Object.entries(schema.functions).map(([token, spec]) => func(token, spec)),
    "## Types",
    ...Object.entries(schema.types).map(([token, spec]) => type(token, spec)),
    "",
  ].join("\n\n");
}

function resource(token: string, spec: ResourceSpec): string {
  const { inputProperties: inputs, requiredInputs, properties, required, stateInputs, isComponent } = spec;
  // An output that says the same as its input adds nothing.
  const outputs = Object.entries(properties).filter(([name, one]) => one.description !== inputs[name]?.description);
  const id: Properties = isComponent ? {} : { id: { type: "string", description: "The id in the API." } };
  return [
    heading(token),
    spec.description,
    table("argument", inputs, requiredInputs ?? []),
    isComponent ? "Outputs:" : "Outputs are the arguments, and:",
    table("output", { ...id, ...Object.fromEntries(outputs) }, ["id", ...(required ?? [])]),
    ...(stateInputs === undefined
      ? []
      : [`\`get\` takes the id, and may take: ${Object.keys(stateInputs.properties).map(code).join(", ")}.`]),
  ].join("\n\n");
}

function func(token: string, { description, inputs, outputs }: FunctionSpec): string {
  return [
    heading(token),
    description,
    table("argument", inputs.properties, inputs.required ?? []),
    table("result", outputs.properties, outputs.required ?? []),
  ].join("\n\n");
}

function type(token: string, { description = "", properties, required = [] }: ObjectSpec): string {
  return [heading(token), description, table("property", properties, required)].join("\n\n");
}

function heading(token: string): string {
  return `### ${nameOf(token)}\n\n\`${token}\``;
}

/** With `required`, what is not in it is marked with a question mark. */
function table(title: string, properties: Properties, required?: readonly string[]): string {
  const row = ([name, property]: [string, PropertySpec]) => {
    const optional = required === undefined || required.includes(name) ? "" : "?";
    const secret = property.secret ? " Secret." : "";
    return `| ${code(name)}${optional} | ${typeName(property)} | ${(property.description + secret).replaceAll("|", "\\|")} |`;
  };
  return [`| ${title} | type | |`, "| --- | --- | --- |", ...Object.entries(properties).map(row)].join("\n");
}

function typeName({ type, items, additionalProperties, oneOf, $ref }: TypeSpec): string {
  if ($ref !== undefined) return `[${nameOf($ref)}](#${nameOf($ref).toLowerCase()})`;
  if (oneOf !== undefined) return oneOf.map(typeName).join(" or ");
  if (items !== undefined) return `list of ${typeName(items)}`;
  if (additionalProperties !== undefined) return `map of ${typeName(additionalProperties)}`;
  return type ?? "any";
}

function nameOf(token: string): string {
  return token.split(":").at(-1) ?? "";
}

function code(name: string): string {
  return `\`${name}\``;
}

if (require.main === module) {
  writeFileSync(path.resolve(__dirname, "../../docs/reference", REFERENCE), pluginReference());
}
