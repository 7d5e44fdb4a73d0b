import type { Lifecycle } from "../../../provider/lifecycle";
import { withoutNulls } from "../../../provider/notGiven";

describe("null in the properties of a dynamic resource", () => {
  const asked: unknown[] = [];
  const asks = async (...args: unknown[]) => void asked.push(args);
  const methods = ["check", "diff", "create", "read", "update", "delete", "preview"] as const;
  const lifecycle = withoutNulls(Object.fromEntries(methods.map((name) => [name, asks])) as unknown as Lifecycle);

  it("is what was not given, at any depth, and in a list it stays the wrong item that it is", async () => {
    const bag = { organization: null, celFilter: { expression: "true", attachedTo: null }, ids: ["a", null] };
    const told = { celFilter: { expression: "true" }, ids: ["a", null] };
    await lifecycle.check(bag, bag);
    await lifecycle.diff("id", bag, bag);
    await lifecycle.create(bag);
    await lifecycle.read("id", bag);
    await lifecycle.update("id", bag, bag);
    await lifecycle.delete("id", bag);
    await lifecycle.preview(bag, bag);
    const both = ["id", told, told];
    expect(asked).toEqual([[told, told], both, [told], ["id", told], both, ["id", told], [told, told]]);
  });
});
