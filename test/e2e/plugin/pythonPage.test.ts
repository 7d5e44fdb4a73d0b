import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { generateSdk } from "../../../tools/plugin/sdks";
import { packTarball } from "../../support/consumer";
import { readDocument } from "../../support/documents";
import { freePort } from "../../support/freePort";
import { NativeProject } from "../../support/nativeProject";
import { ensurePython, pythonMissing } from "../../support/python";

/**
 * Pulumi's language host for Python cannot be had here. What would need it is done as `package add` and `up` would do it: with
 * the same generator, and the same program by the Automation API.
 */
const WITHOUT_LANGUAGE_HOST = `
set -euo pipefail
pulumi() {
  case "$1 \${2-}" in
    "package add")
      test -x "$3"
      python -m pip install --quiet --no-deps "$GENERATED_SDK" ;;
    "up " | "destroy ") python automate.py "$1" dev ;;
    "preview --refresh")
      test "$3" = --expect-no-changes
      python automate.py drift dev ;;
    "stack rm") command pulumi "$@" --yes ;;
    *) command pulumi "$@" ;;
  esac
}
`;

/** The commands of a page, in order. */
function commands(page: string): string {
  const blocks = readDocument(page).matchAll(/^ *```sh\n([\s\S]*?)^ *```/gm);
  return [...blocks].map(([, block = ""]) => block.replace(/^ +/gm, "")).join("\n");
}

const missing = pythonMissing();
const page = missing === undefined ? it : it.skip;

describe("the page for Python", () => {
  page(
    `leads from \`pip install pulumi\` to an active anchor, a quiet check, and back to nothing${missing === undefined ? "" : `: ${missing}`}`,
    async () => {
      const { environment } = await ensurePython();
      const port = await freePort();
      const tarball = packTarball();
      const project = new NativeProject("python", { GENERATED_SDK: "sdks/openai-certificates" });
      const edit = (file: string, from: string, to: string) => {
        const text = readFileSync(path.join(project.folder, file), "utf8");
        expect(text).toContain(from);
        writeFileSync(path.join(project.folder, file), text.replace(from, to));
      };
      try {
        edit("package.json", "^0.1.0", `file:${tarball}`);
        edit("Pulumi.yaml", ":8787/", `:${port}/`);
        await generateSdk("python", path.join(project.folder, "sdks/openai-certificates"));
        // So that nothing has to be downloaded: the page's own commands find what they would install.
        await project.run(["cp", "-R", environment, path.join(project.folder, "venv")]);
        const script =
          WITHOUT_LANGUAGE_HOST + commands("examples/python/README.md").replace("--port 8787", `--port ${port}`);
        const ran = await project.run(["bash", "-c", `${script}\nwait "$emulator" || true`]);
        expect({ ...ran, output: ran.exitCode === 0 ? "" : ran.output }).toEqual({ exitCode: 0, output: "" });
        expect(ran.output).toMatch(/^ *active +\["cert_\w+"\]/m);
        expect(ran.output).toMatch(/\+ activate .*"corp-root"/);
        await expect(fetch(`http://127.0.0.1:${port}/v1`)).rejects.toThrow();
      } finally {
        project.remove();
      }
    },
    600_000,
  );
});
