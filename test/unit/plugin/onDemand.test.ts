import { readFileSync, statSync } from "node:fs";
import path from "node:path";

const BUILT = path.resolve(__dirname, "../../../dist-plugin");

describe("what most runs of the plugin never need", () => {
  it.each([
    ["celLibrary", ["cel", "extensions"]],
    ["undici", ["EnvHttpProxyAgent", "Pool", "Agent"]],
    ["construct", ["construct"]],
  ])("is a file of its own beside the server: %s", (file, exported) => {
    expect(Object.keys(require(path.join(BUILT, file)) as object)).toEqual(expect.arrayContaining(exported));
    const server = readFileSync(path.join(BUILT, "server.js"), "utf8");
    expect(server).toContain(`require("./${file}.js")`);
  });

  it("does not make the server larger, which is read at every start", () => {
    expect(statSync(path.join(BUILT, "server.js")).size).toBeLessThan(1_600_000);
  });
});
