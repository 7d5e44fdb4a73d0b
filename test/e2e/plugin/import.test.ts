import { type Emulator, startEmulator, writes } from "../../../emulator";
import { ensureYamlHost } from "../../../tools/engine";
import { realAnchors } from "../../support/anchors";
import { testEngine } from "../../support/engine";
import { NativeProject } from "../../support/nativeProject";

const KEY = "sk-admin-local-import";
const [first = "", second = ""] = realAnchors(2);
const TYPES = "openai-certificates:index";

describe("pulumi import, for an organization that was set up by hand", () => {
  let emulator: Emulator;
  let project: NativeProject;
  let ids: string[];

  beforeAll(async () => {
    emulator = await startEmulator({ adminKey: KEY, projects: [{ id: "proj_pilot", name: "pilot" }] });
    const organization = emulator.organization();
    ids = [first, second].map((certificate, index) => organization.upload({ name: `root-${index}`, certificate }));
    organization.activate(ids);
    organization.activate([ids[0] ?? ""], "proj_pilot");
    const { env } = await ensureYamlHost(testEngine());
    project = new NativeProject("yaml", { ...env, OPENAI_ADMIN_KEY: KEY, OPENAI_BASE_URL: emulator.url });
    project.write("Pulumi.yaml", program());
    await project.pulumi("stack", "init", "test");
  });
  afterAll(async () => {
    project.remove();
    await emulator.close();
  });

  /** The program that an import's own text is copied into. */
  const program = (resources = "") =>
    `name: imported\nruntime: yaml\nplugins:\n  providers:\n    - name: openai-certificates\n      path: node_modules/.bin\n${resources}`;
  const importing = (type: string, name: string, id: string) =>
    project.pulumi("import", `${TYPES}:${type}`, name, id, "--yes", "--protect=false", "--stack", "test");

  it("takes all three types, and gives a program with which the next up changes nothing", async () => {
    const texts: string[] = [];
    for (const [type, name, id] of [
      ["Certificate", "root-0", ids[0] ?? ""],
      ["Certificate", "root-1", ids[1] ?? ""],
      ["CertificateActivation", "org", "organization"],
      ["ProjectCertificateActivation", "pilot", "proj_pilot"],
    ] as const) {
      const { exitCode, output } = await importing(type, name, id);
      expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
      texts.push(/^resources:\n((?: {2}.*\n?|\n)*)/m.exec(output)?.[1] ?? "");
    }
    project.write("Pulumi.yaml", program(`resources:\n${texts.join("")}`));
    const up = await project.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes", "--stack", "test");
    expect(up).toMatchObject({ exitCode: 0 });
    expect(writes(emulator.requests)).toEqual([]);
  });

  it.each([
    ["CertificateActivation", "wrongid", '"wrongid" is not the id of an organization\'s active set'],
    ["CertificateActivation", "proj_pilot", '"proj_pilot" is not the id of an organization\'s active set'],
    ["ProjectCertificateActivation", "organization", "the organization has no project organization. Is the id right"],
    ["ProjectCertificateActivation", "proj_other", "the organization has no project proj_other. Is the id right"],
    ["Certificate", "cert_other", "has no certificate cert_other"],
    ["Certificate", "organization", "the organization has no certificate organization. Is the id right"],
  ])("refuses %s %s", async (type, id, message) => {
    const { exitCode, output } = await importing(type, "other", id);
    expect(exitCode).not.toBe(0);
    expect(output).toContain(message);
  });
});
