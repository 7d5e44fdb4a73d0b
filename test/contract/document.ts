import type { ErrorObject } from "ajv";
import Ajv2020 from "ajv/dist/2020";
import addFormats from "ajv-formats";
import auditLogs from "./audit-logs.json";
import certificates from "./openapi.json";

type Json = unknown;

/** One operation of the document, and how its answers of a status are validated. */
interface Operation {
  readonly operationId: string;
  readonly pointer: string;
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addFormat("unixtime", { type: "number", validate: (value) => Number.isInteger(value) && value >= 0 });
/** The excerpts of the document by the name their schemas are found under. */
const documents = { certificates, auditLogs };
for (const [name, document] of Object.entries(documents)) ajv.addSchema(closed(document) as object, name);

const operations = Object.entries(documents).flatMap(([name, document]) =>
  Object.entries(document.paths as Record<string, Record<string, { operationId: string }>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => ({
      method: method.toUpperCase(),
      // Fixed segments win over parameters: `activate` is never an id.
      pattern: new RegExp(`^${path.replace(/\{\w+\}/g, "(?!(?:activate|deactivate)$)[^/]+")}$`),
      operation: {
        operationId,
        pointer: `${name}#/paths/${path.replaceAll("/", "~1").replaceAll(/[{}]/g, encodeURIComponent)}/${method}/responses`,
      } satisfies Operation,
    })),
  ),
);

/** The operationIds of the whole document. */
export const operationIds: readonly string[] = operations.map(({ operation }) => operation.operationId).sort();

/** The document's operation for a request; undefined where it has none. */
export function operationFor(method: string, path: string): Operation | undefined {
  const [pathname = ""] = path.split("?");
  return operations.find((one) => one.method === method && one.pattern.test(pathname))?.operation;
}

/**
 * What is wrong with an answer by the document. Statuses it does not describe are errors of the API's common shape.
 * Fields that the document does not name are refused too.
 */
export function violations(operation: Operation | undefined, status: number, body: Json): string[] {
  const described = status === 200 && operation !== undefined;
  const schema = described
    ? `${operation.pointer}/200/content/application~1json/schema`
    : "certificates#/components/schemas/ErrorResponse";
  const validate = ajv.getSchema(schema) ?? ajv.compile({ $ref: schema });
  return validate(body) ? [] : (validate.errors ?? []).map(explain);
}

function explain({ instancePath, message, params }: ErrorObject): string {
  return `${instancePath || "/"} ${message} ${JSON.stringify(params)}`;
}

/** The document with every object schema closed to fields it does not name. */
function closed(node: Json): Json {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== "object" || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closed(value)]));
  const isSchema = copy["type"] === "object" && "properties" in copy;
  return isSchema ? { additionalProperties: false, ...copy } : copy;
}
