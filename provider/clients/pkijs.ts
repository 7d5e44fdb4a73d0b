import type * as Pkijs from "pkijs";

/** The X.509 library, loaded when the first chain is validated: most runs of the provider never need it. */
export function loadPkijs(): typeof Pkijs {
  // TypeScript would leave a dynamic import as it is, and load the library's ES module beside a CommonJS one.
  return require("pkijs") as typeof Pkijs;
}
