import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { schema } from "../../../plugin/schema";
import { pluginReference, REFERENCE } from "../../../tools/plugin/reference";
import { ROOT } from "../../support/documents";

describe("the reference", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-reference-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const contents = (of: string) =>
    Object.fromEntries(readdirSync(of).map((file) => [file, readFileSync(path.join(of, file), "utf8")]));

  it("is what `npm run docs` makes of the source's docstrings and the plugin's schema today", () => {
    execFileSync(path.join(ROOT, "node_modules/.bin/typedoc"), ["--out", folder], { cwd: ROOT, stdio: "pipe" });
    writeFileSync(path.join(folder, REFERENCE), pluginReference());
    expect(contents(path.join(ROOT, "docs/reference"))).toEqual(contents(folder));
  });

  it("has a sentence for every class, interface and function of the SDK", () => {
    const sections = contents(path.join(ROOT, "docs/reference"))["sdk.md"]?.split(/^### /m).slice(1) ?? [];
    expect(sections.length).toBeGreaterThan(15);
    const silent = sections.filter((section) => !/^[A-Z][^\n]{15,}/m.test(section.split("\n").slice(1).join("\n")));
    expect(silent.map((section) => section.split("\n")[0])).toEqual([]);
  });

  it("has every resource, function and type of the plugin, with each of their properties", () => {
    const sections = new Map(
      pluginReference()
        .split(/^### /m)
        .map((section) => [section.split("\n")[0], section]),
    );
    const { resources, functions, types, provider } = schema;
    const all = [
      ...Object.entries(resources).flatMap(([token, one]) => [
        [token, one.inputProperties] as const,
        [token, one.properties] as const,
      ]),
      ...Object.entries(functions).flatMap(([token, one]) => [
        [token, one.inputs.properties] as const,
        [token, one.outputs.properties] as const,
      ]),
      ...Object.entries(types).map(([token, one]) => [token, one.properties] as const),
      ["# Native plugin", provider.inputProperties] as const,
    ];
    const missing = all.flatMap(([token, properties]) => {
      const section = sections.get(token.split(":").at(-1));
      return Object.keys(properties).filter((name) => !section?.includes(`\n| \`${name}\``));
    });
    expect(missing).toEqual([]);
  });

  it("leaves no provider argument out of the page about configuration", () => {
    const page = readFileSync(path.join(ROOT, "docs/installation-configuration.md"), "utf8");
    const missing = Object.keys(schema.provider.inputProperties).filter(
      (key) => !page.includes(`| \`${schema.name}:${key}\``),
    );
    expect(missing).toEqual([]);
  });
});
