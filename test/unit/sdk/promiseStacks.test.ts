import * as pulumi from "@pulumi/pulumi";
import { Certificate, CertificateActivation } from "../../../sdk";
import { pausePromiseStacks } from "../../../sdk/promiseStacks";
import { realAnchors } from "../../support/anchors";

const [certificate = ""] = realAnchors(1);

/** The frames that were made text while something was constructed, as Pulumi does for each promise of a resource. */
function framesOf(construct: () => unknown): number {
  let frames = 0;
  const before = Error.prepareStackTrace;
  Error.prepareStackTrace = (_, sites) => {
    frames += sites.length;
    return "";
  };
  try {
    construct();
  } finally {
    Error.prepareStackTrace = before;
  }
  return frames;
}

/** A resource of fewer properties than either, as Pulumi constructs it by itself. */
class Ordinary extends pulumi.CustomResource {
  constructor(name: string) {
    super("test:index:Ordinary", name, { certificate, name, fingerprint: undefined, organization: undefined });
  }
}

describe("constructing a resource", () => {
  beforeEach(async () => {
    await pulumi.runtime.setMocks({ call: () => ({}), newResource: ({ inputs }) => ({ id: "id", state: inputs }) });
  });

  afterEach(() => {
    delete process.env["PULUMI_DEBUG_PROMISE_LEAKS"];
  });

  const anchor = () => new Certificate("root", { certificate });
  const activation = () => new CertificateActivation("org", { certificateIds: ["cert_a"] });

  it.each([
    ["a certificate", anchor],
    ["an activation", activation],
  ])("turns no stacks of promises into text for %s: only its place in the program, once", (_, construct) => {
    const limit = Error.stackTraceLimit;
    const ordinary = framesOf(() => new Ordinary("ordinary"));
    expect(framesOf(construct)).toBeLessThan(ordinary / 2);
    expect(Error.stackTraceLimit).toBe(limit);
  });

  it("keeps the stacks where a search for promises that never end needs them", () => {
    process.env["PULUMI_DEBUG_PROMISE_LEAKS"] = "true";
    expect(framesOf(anchor)).toBeGreaterThan(framesOf(() => new Ordinary("ordinary")));
  });

  it.each([
    ["a certificate", (opts: pulumi.CustomResourceOptions) => new Certificate("root", { certificate }, opts)],
    [
      "an activation",
      (opts: pulumi.CustomResourceOptions) => new CertificateActivation("org", { certificateIds: [] }, opts),
    ],
  ])("tells where %s was declared when its options are wrong", (_, construct) => {
    const limit = Error.stackTraceLimit;
    const declare = () => construct({ parent: {} as pulumi.Resource });
    const error = thrownBy(declare);
    expect(error.message).toMatch("Resource parent is not a valid Resource");
    expect(error.stack).toMatch(/at declare .*promiseStacks\.test\.ts/);
    expect(Error.stackTraceLimit).toBe(limit);
  });

  it("leaves an error that the SDK makes beforehand, for a registration that may fail, its place in the program", () => {
    const declare = () => {
      const resume = pausePromiseStacks(undefined);
      const noted = new Error("of a promise").stack;
      const prepared = new Error("failed to register");
      resume();
      return { noted, prepared };
    };
    const { noted, prepared } = declare();
    expect(noted).toBe("");
    expect(prepared.stack).toMatch(/at declare .*promiseStacks\.test\.ts/);
  });

  it("tells the engine the same files of the program as where nothing is paused", () => {
    const files = () => {
      const register = jest.spyOn(require("@pulumi/pulumi/runtime/resource"), "registerResource");
      anchor();
      const [place, stack] = (register.mock.calls[0] ?? []).slice(-3) as [
        { uri: string },
        ({ uri: string } | undefined)[],
      ];
      register.mockRestore();
      return [place.uri, ...stack.map((frame) => frame?.uri)];
    };
    const paused = files();
    expect(paused[0]).toMatch(/promiseStacks\.test\.ts$/);
    process.env["PULUMI_DEBUG_PROMISE_LEAKS"] = "true";
    expect(paused).toEqual(files());
  });

  it("tells the line of a transformation that fails", () => {
    const transform = (): undefined => {
      throw new Error("no");
    };
    const own = thrownBy(() => new Certificate("root", { certificate }, { transformations: [transform] }));
    expect(own.stack).toMatch(/at transform .*promiseStacks\.test\.ts/);
    const inherited = thrownBy(() => {
      const strict = new pulumi.ComponentResource("test:index:Parent", "strict", {}, { transformations: [onlyOf] });
      return new Certificate("root", { certificate }, { parent: strict });
    });
    expect(inherited.stack).toMatch(/at onlyOf .*promiseStacks\.test\.ts/);
  });
});

function onlyOf({ type }: pulumi.ResourceTransformationArgs): undefined {
  if (type.endsWith("Certificate")) {
    throw new Error("no certificates here");
  }
}

function thrownBy(call: () => unknown): Error {
  try {
    call();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}
