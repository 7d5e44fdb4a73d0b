import vm from "node:vm";
import { START } from "../../../tools/plugin/bundle";

/** What the launcher does on a Node of this version: what it says before it ends, or that it starts the server. */
function launched(node: string): string {
  const said: string[] = [];
  const process = {
    versions: { node },
    version: `v${node}`,
    execPath: "/usr/bin/node",
    exit: () => said.push("exits"),
  };
  const console = { error: (line: string) => said.push(line) };
  vm.runInNewContext(START.replace(/^#!.*/, ""), { process, console, require: () => said.push("starts") });
  return said[0] ?? "";
}

describe("the plugin's launcher", () => {
  it.each(["18.20.8", "20.9.0", "20.17.9", "20.18.0"])("refuses Node %s, and says which it needs", (node) => {
    expect(launched(node)).toMatch(/needs Node\.js 20\.18\.1 or newer; this is v[\d.]+ \(\/usr\/bin\/node\)$/);
  });

  it.each(["20.18.1", "20.18.10", "20.19.0", "22.0.0", "24.11.1"])("starts the server on Node %s", (node) => {
    expect(launched(node)).toBe("starts");
  });
});
