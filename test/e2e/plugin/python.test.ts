import { type Emulator, startEmulator } from "../../../emulator";
import { realAnchors } from "../../support/anchors";
import { describeLanguage } from "../../support/languageSuite";
import { NativeProject, type Operation } from "../../support/nativeProject";
import { ensurePython, pythonMissing } from "../../support/python";

const KEY = "sk-admin-local-python";
const [next = ""] = realAnchors(1);
const missing = pythonMissing();

if (missing === undefined) {
  const python = ensurePython();
  const start = async (env: Readonly<Record<string, string>>) => {
    const { command, packages } = await python;
    const automate = (operation: Operation) => [command, "automate.py", operation];
    return new NativeProject("python", { ...env, PYTHONPATH: packages }, automate);
  };

  describeLanguage("Python", start);

  describe("TrustAnchors in Python", () => {
    let emulator: Emulator;
    let project: NativeProject;

    beforeAll(async () => {
      emulator = await startEmulator({ adminKey: KEY });
      project = await start({ OPENAI_ADMIN_KEY: KEY, OPENAI_BASE_URL: emulator.url });
      await project.pulumi("stack", "init", "test");
      await project.pulumi("config", "set", "openai-certificates:baseUrl", emulator.url, "--stack", "test");
    });
    afterAll(async () => {
      project.remove();
      await emulator.close();
    });

    const certificates = () =>
      emulator
        .organization()
        .certificates()
        .map(({ name, active }) => `${name} ${active ? "active" : "uploaded"}`)
        .sort();

    it("keep a folder with its dates, beside resources of the program's own in the same provider", async () => {
      project.write("anchors/next-root.pem", next);
      project.write("anchors/anchors.yaml", `next-root:\n  activateOn: ${later()}\n`);
      project.write(
        "program.py",
        `
import pulumi
import pulumi_openai_certificates as openai

def program():
    corp = openai.TrustAnchors("corp", folder="./anchors")
    pulumi.export("ids", corp.certificate_ids)
    pulumi.export("active", corp.active_certificate_ids)
    pulumi.export("found", openai.get_certificate_output(id=corp.certificate_ids["corp-root"]).name)
`,
      );
      expect(await project.operate("up")).toMatchObject({ exitCode: 0 });
      expect(certificates()).toEqual(["corp-root active", "next-root uploaded"]);
      const { ids, active, found } = await project.outputs();
      expect(active).toEqual([(ids as Record<string, string>)["corp-root"]]);
      expect(found).toBe("corp-root");
      const { output } = await project.pulumi("stack", "export", "--stack", "test");
      expect(output.match(/"type": "pulumi:providers:openai-certificates"/g)).toHaveLength(1);
    });

    it("take anchors by name with dates, and find no drift afterwards", async () => {
      project.write(
        "program.py",
        `
from pathlib import Path
import pulumi_openai_certificates as openai

def program():
    anchors = {
        "corp-root": openai.TrustAnchorArgs(certificate=Path("anchors/corp-root.pem").read_text()),
        "next-root": openai.TrustAnchorArgs(
            certificate=Path("anchors/next-root.pem").read_text(), activate_on="2020-01-01"
        ),
    }
    openai.TrustAnchors("corp", anchors=anchors, protect_activation=True)
`,
      );
      expect(await project.operate("up")).toMatchObject({ exitCode: 0 });
      expect(certificates()).toEqual(["corp-root active", "next-root active"]);
      expect(await project.operate("drift")).toMatchObject({ exitCode: 0 });
    });
  });
} else {
  it.skip(`programs in Python on the native plugin: ${missing}`, () => undefined);
}

/** Sooner than the anchors expire. */
function later(): string {
  return new Date(Date.now() + 200 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
}
