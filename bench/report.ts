/** One line of the table. */
export interface Row {
  readonly what: string;
  readonly unit: "s" | "ms" | "MB" | "kB";
  /** One a column; the first is what the others are compared with. */
  readonly cells: readonly (Cell | undefined)[];
}

export interface Cell {
  readonly value: number;
  /** CPU time of all its processes, in the same unit. */
  readonly cpu?: number;
  /** API calls. */
  readonly calls?: number;
  /** At most this much, or this multiple of the first column. */
  readonly goal?: { readonly most: number } | { readonly times: number };
}

/** What was measured as one table in Markdown, and below it the goals that were missed. */
export function report(columns: readonly string[], rows: readonly Row[]): string {
  const head = ["", ...columns, "goal"];
  const lines = rows.map((row) => [
    row.what,
    ...row.cells.map((_, column) => cellText(row, column)),
    goalText(columns, row),
  ]);
  const rule = head.map((_, column) => (column === 0 || column > columns.length ? "---" : "---:"));
  const table = [head, rule, ...lines].map((line) => `| ${line.join(" | ")} |`).join("\n");
  const missed = rows.flatMap((row) => row.cells.flatMap((_, column) => missedGoal(columns, row, column)));
  return `${table}\n\n${missed.length === 0 ? "Every goal is met." : `Goals missed: ${missed.join("; ")}.`}\n`;
}

/** This value as a multiple of the first column's; undefined where there is none. */
export function timesPlain({ cells }: Row, column: number, of: "value" | "cpu" = "value"): number | undefined {
  const [plain, here] = [cells[0]?.[of], cells[column]?.[of]];
  return column === 0 || plain === undefined || here === undefined ? undefined : here / plain;
}

function cellText(row: Row, column: number): string {
  const cell = row.cells[column];
  if (cell === undefined) {
    return "–";
  }
  const measured = (of: "value" | "cpu") => {
    const times = timesPlain(row, column, of);
    return `${amount(cell[of] ?? Number.NaN, row.unit)}${times === undefined ? "" : ` (${times.toFixed(2)})`}`;
  };
  const cpu = cell.cpu === undefined ? "" : `, CPU ${measured("cpu")}`;
  const calls = cell.calls === undefined ? "" : `, ${cell.calls} ${cell.calls === 1 ? "call" : "calls"}`;
  return `${measured("value")}${cpu}${calls}`;
}

function amount(value: number, unit: Row["unit"]): string {
  return `${value.toFixed({ s: 2, ms: 0, MB: 0, kB: 1 }[unit])} ${unit}`;
}

function goalOf({ goal }: Cell, unit: Row["unit"]): string {
  return goal === undefined ? "" : "most" in goal ? amount(goal.most, unit) : goal.times.toFixed(2);
}

function goalText(columns: readonly string[], { cells, unit }: Row): string {
  const goals = cells.map((cell, column) => (cell?.goal ? `${columns[column]}: at most ${goalOf(cell, unit)}` : ""));
  return goals.filter((goal) => goal !== "").join("; ");
}

/** A multiple counts as it is printed: what a run measures differs from another's by more than its third digit. */
function missedGoal(columns: readonly string[], row: Row, column: number): string[] {
  const cell = row.cells[column];
  const times = (timesPlain(row, column) ?? Number.NaN).toFixed(2);
  if (
    cell?.goal === undefined ||
    ("most" in cell.goal ? cell.value <= cell.goal.most : Number(times) <= cell.goal.times)
  ) {
    return [];
  }
  const was = "most" in cell.goal ? amount(cell.value, row.unit) : times;
  return [`${row.what}, ${columns[column]}: ${was} (goal: ${goalOf(cell, row.unit)})`];
}
