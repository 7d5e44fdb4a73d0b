import { readFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../../support/documents";
import { typeProblems } from "../../support/typeProblems";

const readme = readFileSync(path.join(ROOT, "README.md"), "utf8");

describe("README", () => {
  const [, program = ""] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];

  it("shows a program of at most 15 lines that type-checks against the package", () => {
    expect(program.trim().split("\n").length).toBeLessThanOrEqual(15);
    expect(typeProblems(new Map([["readme.ts", program]]))).toEqual([]);
  });

  it("names only npm scripts that exist", () => {
    const { scripts } = require("../../../package.json") as { scripts: Record<string, string> };
    const named = [...readme.matchAll(/npm run ([a-z:-]+)/g)].map(([, name]) => name ?? "");
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it.each([...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, link]) => [link ?? ""]))(
    "links to %s, which exists",
    (link) => {
      expect(() => readFileSync(path.join(ROOT, link))).not.toThrow();
    },
  );
});
