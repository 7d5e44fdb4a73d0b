/**
 * Loading this before the Pulumi SDK leaves out what the SDK loads for serializing functions, which is half of what it loads
 * and what no program of the tests does: it is loaded when something of it is asked for.
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
