import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { received, struct } from "../../../plugin/values";
import { UNKNOWN } from "../../../provider/unknown";
import { secret } from "../../support/pluginServer";

const wire = (value: object) => Struct.fromJavaScript(value as never);

describe("properties from the wire", () => {
  it("are plain values, without what is null and without keys of whoever wrote the state before", () => {
    const { properties, secrets } = received(
      wire({ name: "a", count: 2, list: ["x"], none: null, nested: { a: null, b: true }, __provider: "text" }),
    );
    expect(properties).toEqual({ name: "a", count: 2, list: ["x"], nested: { b: true } });
    expect(secrets).toEqual(new Set());
  });

  it("are named as secret where a secret is anywhere in them", () => {
    const { properties, secrets } = received(
      wire({
        plain: "a",
        whole: secret("b"),
        inside: ["c", secret("d")],
        nested: { deep: secret({ e: secret("f") }) },
      }),
    );
    expect(properties).toEqual({ plain: "a", whole: "b", inside: ["c", "d"], nested: { deep: { e: "f" } } });
    expect(secrets).toEqual(new Set(["whole", "inside", "nested"]));
  });

  it.each([
    ["a text", "04da6b54-80e4-46f7-96ec-b56ff0331ba9"],
    ["a boolean", "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7"],
    ["a number", "3eeb2bf0-c639-47a8-9e75-3b44932eb421"],
    ["a list", "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2"],
    ["an object", "dd056dcd-154b-4c76-9bd3-c8f88648b5ff"],
  ])("are unknown as the lifecycles know it where %s is not known yet, also in lists and secrets", (_, sentinel) => {
    expect(received(wire({ a: sentinel, b: ["x", sentinel], c: secret(sentinel) })).properties).toEqual({
      a: UNKNOWN,
      b: ["x", UNKNOWN],
      c: UNKNOWN,
    });
  });

  it("keep a null in a list, which would otherwise be a list of other length", () => {
    expect(received(wire({ list: ["a", null] })).properties).toEqual({ list: ["a", null] });
  });

  it("are nothing where nothing came", () => {
    expect(received(undefined)).toEqual({ properties: {}, secrets: new Set() });
  });
});

describe("properties for the wire", () => {
  it("wrap what is secret, and leave out what is undefined", () => {
    const sent = struct({ a: "x", b: ["y"], c: undefined, d: { e: undefined, f: [{ g: undefined }] } }, new Set(["b"]));
    expect(sent.toJavaScript()).toEqual({ a: "x", b: secret(["y"]), d: { f: [{}] } });
  });

  it("come back as they were", () => {
    const given = { name: "a", ids: ["b", UNKNOWN], flag: false, nested: { deep: [1, "2"] } };
    const { properties, secrets } = received(struct(given, new Set(["ids", "nested"])));
    expect(properties).toEqual(given);
    expect(secrets).toEqual(new Set(["ids", "nested"]));
  });
});
