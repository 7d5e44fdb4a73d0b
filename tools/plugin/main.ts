/**
 * `npm run plugin`: the native plugin in dist-plugin/, and its archives for a release in dist-plugin/archives/. With
 * `--bundle-only`, as `npm run build` calls it, no archives.
 */
import path from "node:path";
import { writeArchives } from "./archives";
import { bundle, OUTPUT } from "./bundle";

async function main(bundleOnly: boolean): Promise<void> {
  await bundle();
  process.stdout.write(`${OUTPUT}\n`);
  if (!bundleOnly) {
    const archives = path.join(OUTPUT, "archives");
    await writeArchives(OUTPUT, archives);
    process.stdout.write(`${archives}\n`);
  }
}

void main(process.argv.includes("--bundle-only"));
