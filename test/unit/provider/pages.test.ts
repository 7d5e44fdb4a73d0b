import fc from "fast-check";
import { allPages } from "../../../provider/api/pages";
import { MalformedAnswer, type Page } from "../../../provider/api/wire";

/** Pages over a list, as an API with cursors serves them; the cursor is the last item's text. */
function served(items: readonly string[], size: number) {
  const asked: (string | undefined)[] = [];
  const fetchPage = async (after: string | undefined, check: (page: Page<string>) => Page<string>) => {
    asked.push(after);
    const start = after === undefined ? 0 : items.indexOf(after) + 1;
    const page = items.slice(start, start + size);
    return check({ items: page, next: start + size < items.length ? page.at(-1) : undefined });
  };
  return { fetchPage, asked };
}

describe("a paged list", () => {
  it("is every item once and in order, whatever the size of its pages", async () => {
    const list = fc.uniqueArray(fc.uuid(), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(list, fc.integer({ min: 1, max: 100 }), async (items, size) => {
        const { fetchPage, asked } = served(items, size);
        expect(await allPages(fetchPage)).toEqual(items);
        expect(asked).toHaveLength(Math.max(1, Math.ceil(items.length / size)));
      }),
    );
  });

  it("that comes back to an earlier page is refused, at any distance", async () => {
    for (const distance of [1, 2, 5]) {
      let pages = 0;
      const call = allPages(async (_, check) => check({ items: ["x"], next: `c${pages++ % distance}` }));
      await expect(call).rejects.toThrow(MalformedAnswer);
      expect(pages).toBe(distance + 1);
    }
  });

  it("is asked for a repeated page again where its fetch does so", async () => {
    let stutters = 1;
    const { fetchPage } = served(["a", "b", "c"], 1);
    const call = allPages<string>((after, check) =>
      fetchPage(after, (page) => check(after === "a" && stutters-- > 0 ? { items: ["a"], next: "a" } : page)).catch(
        () => fetchPage(after, check),
      ),
    );
    expect(await call).toEqual(["a", "b", "c"]);
  });

  it("that has no end is given up after a thousand pages", async () => {
    let pages = 0;
    const call = allPages(async (_, check) => check({ items: [], next: `c${pages++}` }));
    await expect(call).rejects.toThrow("the admin API's list has more than 1000 pages; stopped reading it");
    expect(pages).toBe(1000);
  });

  it("fails as a whole where a page fails: a part of a list must not pass for the list", async () => {
    const { fetchPage } = served(["a", "b", "c"], 1);
    const call = allPages<string>((after, check) =>
      after === "b" ? Promise.reject(new Error("down")) : fetchPage(after, check),
    );
    await expect(call).rejects.toThrow("down");
  });
});
