import { goMissing, runGo } from "../../support/go";
import { describeLanguage } from "../../support/languageSuite";
import { NativeProject } from "../../support/nativeProject";

const missing = goMissing();

if (missing === undefined) {
  describeLanguage("Go", async (env) => {
    const project = new NativeProject("go", env, (operation) => ["./program", operation]);
    await runGo(project.folder, "build", "-o", "program", ".");
    return project;
  });
} else {
  it.skip(`a program in Go on the native plugin: ${missing}`, () => undefined);
}
