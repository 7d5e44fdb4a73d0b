import type * as Cel from "@bufbuild/cel";

type Expr = NonNullable<ReturnType<typeof Cel.parse>["expr"]>;

/** What a list is taken to hold of which an expression does not say how long it is. */
const USUAL_LENGTH = 100;

/** How many parts of an expression are evaluated for one client, roughly: all, exists, map and filter go over whole lists. */
export function stepsOf(expr: Expr | undefined): number {
  const sum = (parts: readonly (Expr | undefined)[]) => parts.reduce((total, part) => total + stepsOf(part), 1);
  const kind = expr?.exprKind;
  switch (kind?.case) {
    case "selectExpr":
      return sum([kind.value.operand]);
    case "callExpr":
      return sum([kind.value.target, ...kind.value.args]);
    case "listExpr":
      return sum(kind.value.elements);
    case "structExpr":
      return sum(kind.value.entries.map(({ value }) => value));
    case "comprehensionExpr": {
      const { iterRange, accuInit, loopCondition, loopStep, result } = kind.value;
      return sum([iterRange, accuInit, result]) + lengthOf(iterRange) * sum([loopCondition, loopStep]);
    }
    default:
      return 1;
  }
}

function lengthOf(list: Expr | undefined): number {
  const kind = list?.exprKind;
  if (kind?.case === "listExpr") return kind.value.elements.length;
  return kind?.case === "comprehensionExpr" ? lengthOf(kind.value.iterRange) : USUAL_LENGTH;
}
