import { invalidType, invalidValue, outsideLimit } from "./errors";

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;

/** One page of a list, in the order it is answered in. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly hasMore: boolean;
}

interface Listed {
  readonly id: string;
  readonly createdAt: number;
}

/** The page that `limit`, `after` and `order` ask for. `all` is in order of creation; `cap` bounds every page's length. */
export function page<T extends Listed>(
  all: readonly T[],
  query: URLSearchParams,
  cap: number,
  defaultOrder: "asc" | "desc" = "desc",
): Page<T> {
  const length = Math.min(limitOf(query), cap);
  const ordered = all.toSorted((one, other) => one.createdAt - other.createdAt);
  if (order(query.get("order") ?? defaultOrder) === "desc") ordered.reverse();
  const rest = ordered.slice(start(ordered, query.get("after")));
  return { items: rest.slice(0, length), hasMore: rest.length > length };
}

/** A query's boolean; 400 for anything but `true` and `false`. */
export function flag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name) ?? "false";
  if (value !== "true" && value !== "false") throw invalidType(name, "a boolean");
  return value === "true";
}

/** The length of a page that a request asks for; 400 for one outside of the API's limits. */
export function limitOf(query: URLSearchParams): number {
  const text = query.get("limit");
  if (text === null) return DEFAULT_LIMIT;
  if (!/^-?\d{1,9}$/.test(text)) throw invalidType("limit", "an integer");
  const value = Number(text);
  if (value < 1) throw outsideLimit("integer_below_min_value", "limit", "expected a value >= 1");
  if (value > MAX_LIMIT) throw outsideLimit("integer_above_max_value", "limit", `expected a value <= ${MAX_LIMIT}`);
  return value;
}

function order(text: string): "asc" | "desc" {
  if (text !== "asc" && text !== "desc") throw invalidValue("order", "supported values are 'asc' and 'desc'");
  return text;
}

function start(ordered: readonly Listed[], after: string | null): number {
  if (after === null) return 0;
  const index = ordered.findIndex((item) => item.id === after);
  if (index < 0) throw invalidValue("after", "there is no such id in this list");
  return index + 1;
}
