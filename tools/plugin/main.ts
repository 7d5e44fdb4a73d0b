/**
 * `npm run plugin`: the native plugin in dist-plugin/, and its archives for a release in dist-plugin/archives/. With
 * `--bundle-only`, as `npm run build` calls it, no archives. `--sea [FOLDER]` makes nothing but an executable that needs no Node
 * besides, in dist-plugin/sea/ or in the folder.
 */
import path from "node:path";
import { writeArchives } from "./archives";
import { bundle, OUTPUT } from "./bundle";
import { singleExecutable } from "./sea";

async function make([option, folder = path.join(OUTPUT, "sea")]: readonly string[]): Promise<string> {
  if (option === "--sea") {
    return singleExecutable(folder);
  }
  await bundle();
  if (option === "--bundle-only") {
    return OUTPUT;
  }
  const archives = path.join(OUTPUT, "archives");
  await writeArchives(OUTPUT, archives);
  return archives;
}

make(process.argv.slice(2)).then(
  (made) => process.stdout.write(`${made}\n`),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  },
);
