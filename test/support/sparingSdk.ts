/**
 * Loading this before the Pulumi SDK leaves out what the SDK loads for serializing functions, which takes two thirds of the
 * time and which neither a program of the tests nor the provider does: it is loaded when something of it is asked for. The
 * tests of an installed package, the demo and the benchmark run without it, as users do.
 */
import Module, { createRequire } from "node:module";

const sdk = createRequire(require.resolve("@pulumi/pulumi"));

for (const name of ["@npmcli/arborist", "typescript"]) {
  const file = sdk.resolve(name);
  const load = (): object => {
    delete sdk.cache[file];
    return sdk(file) as object;
  };
  const standIn = new Proxy(
    {},
    // What TypeScript's own imports ask for at once, to see whether a module may be taken as it is.
    { get: (_, key) => (key === "__esModule" ? true : Reflect.get(load(), key)) },
  );
  sdk.cache[file] = Object.assign(new Module(file), { exports: standIn, filename: file, loaded: true });
}
