import { describeLanguage } from "../../support/languageSuite";
import { NativeProject } from "../../support/nativeProject";
import { ensurePython, pythonMissing } from "../../support/python";

const missing = pythonMissing();

if (missing === undefined) {
  describeLanguage("Python", async (env) => {
    const { command, packages } = await ensurePython();
    return new NativeProject("python", { ...env, PYTHONPATH: packages }, (operation) => [
      command,
      "automate.py",
      operation,
    ]);
  });
} else {
  it.skip(`a program in Python on the native plugin: ${missing}`, () => undefined);
}
