import { buildGo, goMissing } from "../../support/go";
import { describeLanguage } from "../../support/languageSuite";
import { NativeProject } from "../../support/nativeProject";

const missing = goMissing();

if (missing === undefined) {
  describeLanguage("Go", async (env) => {
    const project = new NativeProject("go", env, (operation) => ["./program", operation]);
    await buildGo(project.folder);
    return project;
  });
} else {
  it.skip(`a program in Go on the native plugin: ${missing}`, () => undefined);
}
