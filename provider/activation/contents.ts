import type { ListedCertificate } from "../api/wire";
import type { AnchorContent } from "../clients";
import type { Scope } from "./scope";
import type { Upload } from "./situation";

/**
 * Anchors with their contents and the filters that the program declares. A content is fetched once in a run, and not at all
 * where the program declares it.
 */
export function contents({ organization }: Scope, anchors: readonly ListedCertificate[]): Promise<AnchorContent[]> {
  return Promise.all(
    anchors.map(async ({ id, name }) => {
      const filter = organization.run.filters.get(id);
      const pem = await organization.pem(id);
      return { id, name, pem, ...(filter === undefined ? {} : { celFilter: filter.expression }) };
    }),
  );
}

/** The same of what is going to be uploaded, under ids that tell one from the other. */
export function uploadContents(uploads: readonly Pick<Upload, "name" | "pem">[]): AnchorContent[] {
  const place = (index: number) => (uploads.length === 1 ? "" : ` (${index + 1} of ${uploads.length})`);
  return uploads.map(({ name, pem }, index) => ({ id: `to be created${place(index)}`, name, pem }));
}

/** The same anchors as they are today: a filter that nobody has attached yet refuses nobody. */
export function asAttached({ organization: { run } }: Scope, anchors: readonly AnchorContent[]): AnchorContent[] {
  return anchors.map(({ celFilter, ...anchor }) =>
    celFilter === undefined || run.filters.get(anchor.id)?.isAttached === false ? anchor : { ...anchor, celFilter },
  );
}
