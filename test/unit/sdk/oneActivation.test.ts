import * as pulumi from "@pulumi/pulumi";

type Sdk = typeof import("../../../sdk");
type Stack = ReturnType<typeof pulumi.runtime.getStackResource>;

/** The package as a component library has it that brings a copy of its own, beside the program's. */
function anotherCopy(): Sdk {
  let copy: Sdk | undefined;
  jest.isolateModules(() => {
    jest.doMock("@pulumi/pulumi", () => pulumi);
    copy = require("../../../sdk") as Sdk;
  });
  return copy as Sdk;
}

describe("a second activation of one scope", () => {
  beforeEach(async () => {
    await pulumi.runtime.setMocks({ call: () => ({}), newResource: ({ inputs }) => ({ id: "id", state: inputs }) });
  });
  afterEach(() => jest.restoreAllMocks());

  it("is refused also where two copies of this package declare one each, and in another run it is not", () => {
    const [own, library] = [anotherCopy(), anotherCopy()];
    expect(own.CertificateActivation).not.toBe(library.CertificateActivation);
    const run = jest.spyOn(pulumi.runtime, "getStackResource").mockReturnValue({} as Stack);
    new own.CertificateActivation("org", { certificateIds: ["cert_a"] });
    expect(() => new library.CertificateActivation("again", { certificateIds: ["cert_b"] })).toThrow(
      '"org" and "again" are both activations of the organization',
    );
    run.mockReturnValue({} as Stack);
    new library.CertificateActivation("again", { certificateIds: ["cert_b"] });
  });
});
