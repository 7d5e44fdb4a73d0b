/** `npm run plugin`: the native plugin in dist-plugin/. With `--bundle-only`, as `npm run build` calls it, no archives. */
import { bundle, OUTPUT } from "./bundle";

async function main(): Promise<void> {
  await bundle();
  process.stdout.write(`${OUTPUT}\n`);
}

void main();
