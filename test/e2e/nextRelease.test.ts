import { type Emulator, startEmulator, writes } from "../../emulator";
import { realAnchors } from "../support/anchors";
import { Consumer, packNextRelease, packTarball } from "../support/consumer";

const KEY = "sk-admin-local-next";

/** One operation of a stack with two certificates; prints what changed. */
const PROGRAM = `
const { LocalWorkspace } = require("@pulumi/pulumi/automation");
const { Certificate, CertificateActivation } = require("pulumi-openai-certificates");
const program = async () => {
  const anchors = JSON.parse(process.env.ANCHORS);
  const certificates = anchors.map((certificate, index) => new Certificate("root-" + index, { certificate }));
  new CertificateActivation("org", { certificateIds: certificates.map((one) => one.id), deactivateOnDelete: true });
};
const operations = {
  up: async (stack) => (await stack.up()).summary.resourceChanges,
  preview: async (stack) => (await stack.preview({ refresh: true, expectNoChanges: true })).changeSummary,
  refresh: async (stack) => (await stack.refresh({ expectNoChanges: true })).summary.resourceChanges,
  destroy: async (stack) => (await stack.destroy()).summary.resourceChanges,
};
(async () => {
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: "dev", projectName: "consumer", program },
    { workDir: process.cwd() },
  );
  console.log(JSON.stringify(await operations[process.argv[2]](stack)));
})().catch((error) => { console.error(error.message); process.exit(1); });
`;

describe("a project that installs the next release", () => {
  let emulator: Emulator;
  let project: Consumer;
  let tarball: string;

  beforeAll(async () => {
    emulator = await startEmulator({ adminKey: KEY });
    tarball = packTarball();
    project = new Consumer(tarball, "npm", "commonjs");
    project.write("program.js", PROGRAM);
  });
  afterAll(async () => {
    project.remove();
    await emulator.close();
  });

  /** What an operation changed, which releases called the API in it, and how many of the calls were writes. */
  async function operate(operation: string) {
    emulator.requests.length = 0;
    const { status, stdout, stderr } = await project.nodeBeside(["program.js", operation], {
      OPENAI_BASE_URL: emulator.url,
      OPENAI_ADMIN_KEY: KEY,
      ANCHORS: JSON.stringify(realAnchors(2)),
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const callers = [...new Set(emulator.requests.map(({ userAgent }) => userAgent))];
    return { changes: JSON.parse(stdout), callers, writes: writes(emulator.requests).length };
  }

  it("has its resources made by the release before", async () => {
    const { version } = require("../../package.json") as { version: string };
    expect(await operate("up")).toEqual({
      changes: { create: 4 },
      callers: [`pulumi-openai-certificates/${version}`],
      writes: 3,
    });
  });

  it("sees no difference, and what state names runs the next release", async () => {
    project.upgrade(packNextRelease(tarball, "99.0.0"));
    const next = { callers: ["pulumi-openai-certificates/99.0.0"], writes: 0 };
    expect(await operate("preview")).toEqual({ ...next, changes: { same: 4 } });
    expect(await operate("refresh")).toEqual({ ...next, changes: { same: 4 } });
    expect(await operate("up")).toEqual({ ...next, changes: { same: 4 } });
  });

  it("destroys by the next release what the one before has made", async () => {
    expect(await operate("destroy")).toEqual({
      changes: { delete: 4 },
      callers: ["pulumi-openai-certificates/99.0.0"],
      writes: 3,
    });
    expect(emulator.organization().certificates()).toEqual([]);
  });
});
