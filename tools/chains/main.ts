/**
 * Plays generated client chains against other verifiers: `npm run chains -- [--count 5000] [--seed 1]`. Prints how many
 * were accepted by whom, what is refused here and accepted by all others, and every chain that is accepted here and refused
 * by one of them, of which there must be none. Needs `openssl` 3 and Go.
 */
import { parseArgs } from "node:util";
import { compare } from "../../test/support/chains/compare";
import { goX509, openSsl } from "../../test/support/chains/judges";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { count: { type: "string", default: "5000" }, seed: { type: "string", default: "1" } },
  });
  const [openssl, go] = [openSsl(), goX509()];
  if (!openssl || !go) throw new Error("openssl 3 and Go have to be on the PATH: they are what is compared with.");
  const { outcomes, unsafe, unsound, stricter } = await compare(Number(values.count), Number(values.seed), {
    openssl,
    go,
  });
  const accepted = (name: string) => outcomes.filter(({ others }) => others[name] === undefined).length;
  console.log(`chains: ${outcomes.length}, accepted here: ${outcomes.filter(({ ours }) => !ours).length}`);
  console.log(
    `accepted by OpenSSL: ${accepted("openssl")}, by Go: ${accepted("go")}, by the oracle: ${accepted("oracle")}`,
  );
  console.log(`refused here, accepted by all others, by rule: ${JSON.stringify(stricter)}`);
  console.log(`accepted here, refused by another: ${unsafe.length}; without a defect, refused here: ${unsound.length}`);
  for (const outcome of [...unsafe, ...unsound]) console.log(JSON.stringify(outcome));
  if (unsafe.length + unsound.length > 0) process.exitCode = 1;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
