import type * as Cel from "@bufbuild/cel";
import { loadDependency } from "../dependency";
import { type ClientAttributes, NAME_FIELDS, NAME_TYPES, SUBJECT_FIELDS } from "./attributes";
import { stepsOf } from "./celCost";

type Parsed = ReturnType<typeof Cel.parse>;
type Expr = NonNullable<Parsed["expr"]>;
type Filter = (client: ClientAttributes) => boolean | string;

/** A long expression is parsed for as long as it is long, or longer: nobody writes one that comes near this. */
const MAX_LENGTH = 8192;
/** A second's work, which only lists in lists in lists come near. */
const MAX_STEPS = 1_000_000;

/** Two clients that between them have everything a filter can ask for, and nothing of it. */
const SAMPLES: readonly ClientAttributes[] = [
  {
    subject: Object.fromEntries(Object.keys(SUBJECT_FIELDS).map((field) => [field, "a"])),
    subject_alt_names: NAME_TYPES.map((type) => ({ type, value: "a", oid: "" })),
  },
  { subject: Object.fromEntries(Object.keys(SUBJECT_FIELDS).map((field) => [field, ""])), subject_alt_names: [] },
];

/** Failures that no client can help. Others may be the sample's: it has no tenth alternative name, for example. */
const HOPELESS = /^evaluates to|no matching overload|unbound function|field not found|error parsing regexp/;

/**
 * Why an expression cannot be the filter of a certificate: the end of a sentence that begins
 * with the expression: "uses the field team, and subject has only …". Undefined where it can. The vendor's dialect is not documented: this is CEL (google/cel-spec) with the string
 * functions that most implementations have, over the fields of the mTLS guide.
 *
 * @example await filterProblem('subject.common_name == "billing"') // undefined
 */
export async function filterProblem(expression: string): Promise<string | undefined> {
  return checkFilter(expression);
}

/** The same at once, for who need not spare the time that loading the library takes. */
export function checkFilter(expression: string): string | undefined {
  return compile(expression).problem;
}

/**
 * A filter as a function of what it sees of a client: true, false, or why it is neither, worded as filterProblem words it. A filter that cannot
 * be one at all refuses everybody, with its problem.
 */
export function filterOf(expression: string): Filter {
  const { problem, evaluate } = compile(expression);
  return problem === undefined && evaluate ? evaluate : () => problem ?? "cannot be evaluated";
}

function compile(expression: string): { readonly problem?: string; readonly evaluate?: Filter } {
  if (expression.trim() === "") return { problem: "is empty" };
  if (expression.length > MAX_LENGTH) return { problem: `is longer than ${MAX_LENGTH} characters` };
  // TypeScript would leave a dynamic import as it is.
  const { cel, extensions } = loadDependency(() => require("./celLibrary") as typeof import("./celLibrary"));
  const env = cel.celEnv({ funcs: extensions.strings });
  let expr: Expr | undefined;
  try {
    expr = cel.parse(`${expression}\n`).expr; // Its parser wants a comment to end with a line.
  } catch (error) {
    return { problem: `is not a CEL expression: ${firstLine(error).replace(/ but expecting .*/, "")}` };
  }
  if (!expr) return { problem: "is not a CEL expression" };
  const unknown = unknownName(expr, (name) => env.funcs.find(name) !== undefined, new Set());
  if (unknown !== undefined) return { problem: `uses ${unknown}` };
  if (stepsOf(expr) > MAX_STEPS)
    return { problem: "goes over lists in lists too often: shorten them, or nest them less" };

  const evaluator = (part: Expr): Filter => {
    const run = cel.plan(env, part) as (bindings: Record<string, Cel.CelInput>) => unknown;
    return (client) => {
      const constants = Object.fromEntries(NAME_TYPES.map((type) => [type, type]));
      const value = run({ ...constants, ...client } as unknown as Record<string, Cel.CelInput>);
      if (typeof value === "boolean") return value;
      return cel.isCelError(value)
        ? `cannot be evaluated: ${firstLine(value)}`
        : `evaluates to ${kindOf(value)} and not to true or false`;
    };
  };
  for (const part of booleanParts(expr)) {
    for (const sample of SAMPLES) {
      const result = evaluator(part)(sample);
      if (typeof result === "string" && HOPELESS.test(result)) {
        return { problem: result };
      }
    }
  }
  return { evaluate: evaluator(expr) };
}

/** The parts of an expression that each have to be a boolean, so that a condition hides none of them from the samples. */
function booleanParts(expr: Expr): Expr[] {
  const call = expr.exprKind.case === "callExpr" ? expr.exprKind.value : undefined;
  switch (call?.function) {
    case "_&&_":
    case "_||_":
    case "!_":
    case "_?_:_":
      return call.args.flatMap(booleanParts);
    default:
      return [expr];
  }
}

/** The first name in an expression that no filter can use, and what may be used instead. */
function unknownName(
  expr: Expr,
  isFunction: (name: string) => boolean,
  local: ReadonlySet<string>,
): string | undefined {
  const within = (part: Expr | undefined, names = local) => part && unknownName(part, isFunction, names);
  const kind = expr.exprKind;
  switch (kind.case) {
    case "identExpr": {
      const known = ["subject", "subject_alt_names", ...NAME_TYPES, "true", "false"];
      const { name } = kind.value;
      return local.has(name) || known.includes(name) || isTypeName(name)
        ? undefined
        : `${name}, and a filter only sees subject and subject_alt_names`;
    }
    case "selectExpr": {
      const { operand, field } = kind.value;
      const fields = fieldsOf(operand, local);
      if (!fields || fields.includes(field)) return within(operand);
      const whose = fields === NAME_FIELDS ? "an alternative name" : "subject";
      return `the field ${field}, and ${whose} has only ${fields.join(", ")}`;
    }
    case "callExpr": {
      const { target, args, function: name } = kind.value;
      const unknown = within(target) ?? args.map((arg) => within(arg)).find((one) => one !== undefined);
      return (
        unknown ?? (isOperator(name) || isFunction(name) ? undefined : `the function ${name}, which CEL does not have`)
      );
    }
    case "listExpr":
      return kind.value.elements.map((element) => within(element)).find((one) => one !== undefined);
    case "structExpr":
      return kind.value.messageName === ""
        ? kind.value.entries.map(({ value }) => within(value)).find((one) => one !== undefined)
        : `the message ${kind.value.messageName}`;
    case "comprehensionExpr": {
      const { iterVar, iterVar2, accuVar, iterRange, accuInit, loopCondition, loopStep, result } = kind.value;
      const inner = new Set([...local, iterVar, iterVar2, accuVar]);
      return (
        within(iterRange) ??
        within(accuInit) ??
        within(loopCondition, inner) ??
        within(loopStep, inner) ??
        within(result, inner)
      );
    }
    default:
      return undefined;
  }
}

/** The fields that a selection can have; undefined where only the evaluation can tell, as for a map. */
function fieldsOf(operand: Expr | undefined, local: ReadonlySet<string>): readonly string[] | undefined {
  const name = operand?.exprKind.case === "identExpr" ? operand.exprKind.value.name : "";
  if (local.has(name)) return NAME_FIELDS;
  return name === "subject" ? Object.keys(SUBJECT_FIELDS) : undefined;
}

function isOperator(name: string): boolean {
  return ["_&&_", "_||_", "_?_:_", "@not_strictly_false", "_[_]"].includes(name);
}

function isTypeName(name: string): boolean {
  return ["bool", "bytes", "double", "int", "list", "map", "null_type", "string", "type", "uint"].includes(name);
}

function kindOf(value: unknown): string {
  if (typeof value === "string") return "a string";
  return typeof value === "bigint" || typeof value === "number" ? "a number" : "a list or another value";
}

function firstLine(error: unknown): string {
  return String((error as Error).message).split("\n")[0]!;
}
