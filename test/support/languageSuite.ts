import { type Emulator, startEmulator, writes } from "../../emulator";
import { fingerprintOf, realAnchors } from "./anchors";
import type { NativeProject, Operation, Ran } from "./nativeProject";

const KEY = "sk-admin-local-language";
const [rotated = ""] = realAnchors(1);

/** Where a program of some language runs, given how the admin API is reached. */
export type Start = (env: Readonly<Record<string, string>>) => Promise<NativeProject>;

/**
 * What a program has to do in every language: it uploads anchors/corp-root.pem, makes it the active set, and calls both
 * functions. Its outputs: certificateId, expiresAt, active, fingerprint (by getCertificate), notActive (by getCertificates).
 */
export function describeLanguage(language: string, start: Start): void {
  describe(`a program in ${language} on the native plugin`, () => {
    let emulator: Emulator;
    let project: NativeProject;

    beforeAll(async () => {
      emulator = await startEmulator({ adminKey: KEY });
      project = await start({ OPENAI_ADMIN_KEY: KEY, OPENAI_BASE_URL: emulator.url });
      await must(project.pulumi("stack", "init", "test"));
      await must(project.pulumi("config", "set", "openai-certificates:baseUrl", emulator.url, "--stack", "test"));
      // A language's own tools are made once, which takes minutes.
    }, 600_000);
    afterAll(async () => {
      project?.remove();
      await emulator.close();
    });

    const run = (operation: Operation) => project.operate(operation);
    const live = () => emulator.organization().certificates();
    const written = () => {
      const calls = writes(emulator.requests).map(
        ({ method, path }) => `${method} ${path.replace(/cert_\w+/, "{id}")}`,
      );
      emulator.requests.length = 0;
      return calls;
    };

    it("previews the plan by name, with the outputs that are known, and writes nothing", async () => {
      const { output } = await must(run("preview"));
      expect(output).toMatch(/\+ activate 1 certificate whose id is not known before the run: it may be "corp-root"/);
      expect(output).toMatch(/mTLS enforcement turns ON in the organization/);
      expect(written()).toEqual([]);
    });

    it("uploads and activates, and its functions read what is there", async () => {
      await must(run("up"));
      const { certificateId, active, fingerprint, notActive } = await project.outputs();
      expect(active).toEqual([certificateId]);
      expect(live()).toMatchObject([{ id: certificateId, name: "corp-root", active: true }]);
      expect(fingerprint).toBe(fingerprintOf(live()[0]!.content));
      expect(notActive).toEqual([]);
      expect(written()).toEqual(["POST /organization/certificates", "POST /organization/certificates/activate"]);
    });

    it("finds no drift, then drift with exit code 7 and by name, and repairs it", async () => {
      expect((await run("drift")).exitCode).toBe(0);
      emulator.organization().deactivate([live()[0]!.id]);
      const { exitCode, output } = await run("drift");
      expect(exitCode).toBe(7);
      expect(output).toMatch(/\+ activate cert_\w+ "corp-root"/);
      await must(run("up"));
      expect(written()).toEqual(["POST /organization/certificates/activate"]);
      expect(live()).toMatchObject([{ active: true }]);
    });

    it("rotates: the new anchor is active before the old one is not, and then the old one is deleted", async () => {
      project.write("anchors/corp-root.pem", rotated);
      await must(run("up"));
      expect(written()).toEqual([
        "POST /organization/certificates",
        "POST /organization/certificates/activate",
        "POST /organization/certificates/deactivate",
        "DELETE /organization/certificates/{id}",
      ]);
      expect(live().map(({ content }) => fingerprintOf(content))).toEqual([fingerprintOf(rotated)]);
    });

    it("leaves the active set as it is when it is destroyed, so that an active anchor is not deleted", async () => {
      const { exitCode, output } = await run("destroy");
      expect(exitCode).not.toBe(0);
      expect(output).toMatch(/certificate_in_use|still active/);
      expect(live()).toMatchObject([{ active: true }]);
      expect(written().filter((call) => call.includes("activate"))).toEqual([]);
    });

    it("leaves nothing behind where it was told to deactivate on delete", async () => {
      await must(project.pulumi("config", "set", "deactivateOnDelete", "true", "--stack", "test"));
      await must(run("up"));
      await must(run("destroy"));
      expect(live()).toEqual([]);
    });

    it("keeps the key out of state", async () => {
      const { output } = await must(project.pulumi("stack", "export", "--show-secrets", "--stack", "test"));
      expect(output).not.toContain(KEY);
    });
  });
}

async function must(running: Promise<Ran>): Promise<Ran> {
  const ran = await running;
  if (ran.exitCode !== 0) {
    throw new Error(`exit code ${ran.exitCode}\n${ran.output}`);
  }
  return ran;
}
