/*
 * A provider process that refreshes the certificates and the active sets of many organizations, without an engine: reads an
 * EstateState (estate.ts) from standard input, writes a RefreshReport to standard output. Plain JavaScript on the package as
 * users have it, because its memory is measured, and a TypeScript loader takes as much as all that is measured here.
 */
const { text } = require("node:stream/consumers");
// What the provider process of the engine has in memory before any provider is called.
require("@pulumi/pulumi");
const { certificate, certificateActivation, configure } = require("pulumi-openai-certificates/provider");

/** Reads under way at once: what the engine does on a machine with eight cores. */
const WIDTH = 32;

async function main() {
  const state = JSON.parse(await text(process.stdin));
  const keys = Object.entries(state.adminKey).map(([name, adminKey]) => [name, { adminKey }]);
  const config = { "openai:baseUrl": state.baseUrl, "openai:organizations": Object.fromEntries(keys) };
  configure({ config: { get: (key) => config[key] } });
  const reads = readsOf(state);
  const resources = reads.length;
  await Promise.all(Array.from({ length: WIDTH }, () => work(reads)));
  process.stdout.write(JSON.stringify({ resources, memoryBytes: process.resourceUsage().maxRSS * 1024 }));
}

/** One read a resource, in the order in which a program that loops over its organizations declares them. */
function readsOf({ ids: byOrganization, anchors }) {
  return Object.entries(byOrganization).flatMap(([organization, ids]) => {
    const set = { organization, certificateIds: [...ids].sort() };
    return [
      ...ids.map((id, index) => async () => {
        const props = { organization, name: `root-${index}`, certificate: anchors[index] };
        expectSame(props, (await certificate.read(id, props)).inputs);
      }),
      async () => expectSame(set, (await certificateActivation.read("organization", set)).inputs),
    ];
  });
}

async function work(reads) {
  for (let read = reads.shift(); read !== undefined; read = reads.shift()) {
    await read();
  }
}

function expectSame(state, read) {
  const drift = Object.entries(state).filter(([name, value]) => JSON.stringify(read?.[name]) !== JSON.stringify(value));
  if (drift.length > 0) {
    throw new Error(`read ${drift.map(([name]) => name).join(", ")} otherwise than it is in state`);
  }
}

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
