import { type Emulator, startEmulator, writes } from "../../../emulator";
import { ensureYamlHost } from "../../../tools/engine";
import { realAnchors } from "../../support/anchors";
import { testEngine } from "../../support/engine";
import { NativeProject } from "../../support/nativeProject";

const KEY = "sk-admin-local-anchors";
const [first = "", second = ""] = realAnchors(2);
/** Sooner than the anchors expire. */
const LATER = new Date(Date.now() + 200 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);

const PROJECT = [
  "name: anchors",
  "runtime: yaml",
  "plugins:",
  "  providers:",
  "    - name: openai-certificates",
  "      path: node_modules/.bin",
];

describe("TrustAnchors in a YAML program, constructed by the native plugin", () => {
  let emulator: Emulator;
  let project: NativeProject;

  beforeAll(async () => {
    emulator = await startEmulator({ adminKey: KEY });
    const { env } = await ensureYamlHost(testEngine());
    project = new NativeProject("yaml", { ...env, OPENAI_ADMIN_KEY: KEY, OPENAI_BASE_URL: emulator.url });
    project.write("anchors/corp-root.pem", first);
    project.write("anchors/next-root.pem", second);
    project.write("anchors/anchors.yaml", `next-root:\n  activateOn: ${LATER}\n`);
    declare("folder: ./anchors");
    await project.pulumi("stack", "init", "test");
  });
  afterAll(async () => {
    project.remove();
    await emulator.close();
  });

  const declare = (...properties: string[]) =>
    project.write(
      "Pulumi.yaml",
      [
        ...PROJECT,
        "resources:",
        "  corp:",
        "    type: openai-certificates:TrustAnchors",
        "    properties:",
        ...properties.map((line) => `      ${line}`),
        "outputs:",
        `  ids: \${corp.certificateIds}`,
        `  active: \${corp.activeCertificateIds}`,
      ].join("\n"),
    );
  const certificates = () => emulator.organization().certificates();

  it("previews what its dates bring, in names, and writes nothing", async () => {
    const { exitCode, output } = await project.operate("preview");
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(output).toContain(`on ${LATER} "next-root" is activated`);
    expect(output).toContain('it may be "corp-root", "next-root"');
    expect(writes(emulator.requests)).toEqual([]);
  });

  it("uploads every anchor, activates those whose time it is, and gives their ids", async () => {
    expect(await project.operate("up")).toMatchObject({ exitCode: 0 });
    const ids = Object.fromEntries(certificates().map(({ name, id }) => [name, id]));
    expect(certificates().map(({ name, active }) => [name, active])).toEqual(
      expect.arrayContaining([
        ["corp-root", true],
        ["next-root", false],
      ]),
    );
    expect(await project.outputs()).toEqual({ ids, active: [ids["corp-root"]] });
  });

  it("finds no drift, in the same provider as the program's other resources", async () => {
    expect(await project.operate("drift")).toMatchObject({ exitCode: 0 });
    const { output } = await project.pulumi("stack", "export", "--stack", "test");
    expect(output.match(/pulumi:providers:openai-certificates::\w+"/g)).toHaveLength(1);
  });

  it("says what is wrong with a folder, and what a child refuses, without a stack trace", async () => {
    declare("folder: ./nowhere");
    const missing = await project.operate("preview");
    expect(missing.exitCode).not.toBe(0);
    expect(missing.output).toContain('TrustAnchors "corp": the folder ./nowhere does not exist');
    declare("folder: ./anchors", 'requiredClients: ["not a chain"]');
    const refused = await project.operate("up");
    expect(refused.exitCode).not.toBe(0);
    expect(refused.output).toMatch(/requiredClients\[0\]/);
    expect(missing.output + refused.output).not.toMatch(/^\s+at /m);
  });

  it("takes anchors by name as well as a folder, but not both", async () => {
    declare("folder: ./anchors", "anchors:", "  a:", "    certificate: x");
    const { exitCode, output } = await project.operate("preview");
    expect(exitCode).not.toBe(0);
    expect(output).toContain("give either a folder or anchors");
    declare("anchors:", "  corp-root:", "    certificate:", "      fn::readFile: ./anchors/corp-root.pem");
    expect((await project.operate("preview")).output).toMatch(/\D1 to delete/);
  });
});

describe("TrustAnchors whose certificates are outputs", () => {
  it("takes them whether they are known in preview or not, and previews by name", async () => {
    const emulator = await startEmulator({ adminKey: KEY });
    const { env } = await ensureYamlHost(testEngine());
    const project = new NativeProject("yaml", { ...env, OPENAI_ADMIN_KEY: KEY, OPENAI_BASE_URL: emulator.url });
    try {
      project.write("anchors/corp-root.pem", first);
      // Copied from another one: its content is known once that has been uploaded.
      project.write(
        "Pulumi.yaml",
        `${PROJECT.join("\n")}
variables:
  original:
    fn::invoke:
      function: openai-certificates:getCertificate
      arguments: { id: "\${unused.id}" }
resources:
  unused:
    type: openai-certificates:Certificate
    properties: { certificate: { fn::readFile: ./anchors/corp-root.pem } }
  corp:
    type: openai-certificates:TrustAnchors
    properties:
      anchors: { corp-root: { certificate: "\${original.certificate}" } }
`,
      );
      await project.pulumi("stack", "init", "test");
      const preview = await project.operate("preview");
      expect(preview).toMatchObject({ exitCode: 0 });
      expect(preview.output).toContain('it may be "corp-root", "unused", or active already');
      expect(await project.operate("up")).toMatchObject({ exitCode: 0 });
      const uploaded = emulator.organization().certificates();
      expect(new Map(uploaded.map(({ name, active }) => [name, active]))).toEqual(
        new Map([
          ["unused", false],
          ["corp-root", true],
        ]),
      );
    } finally {
      project.remove();
      await emulator.close();
    }
  });
});
