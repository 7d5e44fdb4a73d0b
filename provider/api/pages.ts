import { ProviderError } from "../errors";
import { MalformedAnswer, type Page } from "./wire";

const MOST_PAGES = 1000;

/**
 * Every item of a paged list, or the first `most` of them, or an error. A cursor that comes twice and a list without end are refused; each page's own
 * shape is checked where it is parsed, inside the retried call, so that a garbled page is asked for again.
 */
export async function allPages<T>(
  fetchPage: (after: string | undefined, check: (page: Page<T>) => Page<T>) => Promise<Page<T>>,
  { most = Number.POSITIVE_INFINITY }: { readonly most?: number } = {},
): Promise<T[]> {
  const items: T[] = [];
  const cursors = new Set<string>();
  let after: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const page = await fetchPage(after, (read) => {
      if (read.next !== undefined && cursors.has(read.next)) {
        throw new MalformedAnswer("last_id is the same as on an earlier page, so the list would never end");
      }
      return read;
    });
    items.push(...page.items);
    if (page.next === undefined || items.length >= most) {
      return items.slice(0, most);
    }
    cursors.add(page.next);
    after = page.next;
  }
  throw new ProviderError(`the admin API's list has more than ${MOST_PAGES} pages; stopped reading it`);
}
