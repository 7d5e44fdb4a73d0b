import { goMissing } from "../../support/go";
import { describeLanguage } from "../../support/languageSuite";
import { NativeProject } from "../../support/nativeProject";
import { installTypeScriptSdk, typeProblems } from "../../support/typescriptSdk";

// Pulumi's generators are in Go.
const missing = goMissing();

if (missing === undefined) {
  describeLanguage("TypeScript", async (env) => {
    const tsx = require.resolve("tsx");
    const project = new NativeProject("typescript", env, (operation) => [
      process.execPath,
      "--import",
      tsx,
      "automate.ts",
      operation,
    ]);
    await installTypeScriptSdk(project.folder);
    expect(typeProblems(project.folder)).toEqual([]);
    return project;
  });
} else {
  it.skip(`a program in TypeScript on the native plugin: ${missing}`, () => undefined);
}
