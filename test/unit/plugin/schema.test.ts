import manifest from "../../../package.json";
import { schema } from "../../../plugin/schema";
import type { PropertySpec, TypeSpec } from "../../../plugin/schema/types";
import { realAnchors } from "../../support/anchors";
import { Rig } from "../../support/rig";

type Bag = Record<string, PropertySpec>;
const objects = [
  ["provider", schema.provider.inputProperties],
  ["config", schema.config.variables],
  ...Object.entries(schema.types).map(([name, { properties }]) => [name, properties]),
  ...Object.entries(schema.resources).flatMap(([name, { properties, inputProperties }]) => [
    [`${name} inputs`, inputProperties],
    [`${name} outputs`, properties],
  ]),
  ...Object.entries(schema.functions).flatMap(([name, { inputs, outputs }]) => [
    [`${name} arguments`, inputs.properties],
    [`${name} result`, outputs.properties],
  ]),
] as [string, Bag][];

describe("the package's schema", () => {
  it("has the version of the package, which the engine asks the plugin for", () => {
    expect(schema.version).toBe(manifest.version);
  });

  it("has the engine download the plugin from the releases of the repository that package.json names", () => {
    const { hostname, pathname } = new URL(manifest.homepage);
    expect(schema.pluginDownloadURL).toBe(`github://api.${hostname}${pathname}`);
  });

  it.each(objects)("describes every property: %s", (_, properties) => {
    for (const { description } of Object.values(properties)) {
      expect(description).toMatch(/\.$/);
    }
  });

  it.each(objects)("refers only to types that it has: %s", (_, properties) => {
    for (const property of Object.values(properties)) {
      for (const reference of references(property)) {
        expect(Object.keys(schema.types)).toContain(reference.replace("#/types/", ""));
      }
    }
  });

  it.each(Object.entries(schema.resources))("requires only what there is: %s", (_, spec) => {
    expect(Object.keys(spec.inputProperties)).toEqual(expect.arrayContaining([...(spec.requiredInputs ?? [])]));
    expect(Object.keys(spec.properties)).toEqual(expect.arrayContaining([...(spec.required ?? [])]));
  });

  it("takes no default from the environment, because a program would put the key into state", () => {
    expect(JSON.stringify(schema)).not.toContain("defaultInfo");
  });

  it("lists everything that a certificate and an activation put out", async () => {
    const rig = await Rig.start();
    const run = rig.run();
    const [certificate] = realAnchors(1);
    const checked = await run.certificate.check({}, { certificate, name: "root", organization: undefined });
    const { id, outs } = await run.certificate.create(checked.inputs);
    const set = await run.activation.check({}, { certificateIds: [id] });
    const active = await run.activation.create(set.inputs);
    await rig.close();
    const { resources } = schema;
    const known = (name: keyof typeof resources) => Object.keys(resources[name].properties);
    expect(known("openai-certificates:index:Certificate")).toEqual(expect.arrayContaining(Object.keys(outs)));
    const activation = known("openai-certificates:index:CertificateActivation");
    expect(activation).toEqual(expect.arrayContaining(Object.keys(active.outs)));
  });
});

function references({ $ref, items, additionalProperties, oneOf = [] }: TypeSpec): string[] {
  const inner = [items, additionalProperties, ...oneOf].filter((type) => type !== undefined);
  return [...($ref === undefined ? [] : [$ref]), ...inner.flatMap(references)];
}
