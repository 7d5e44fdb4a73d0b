import { ensureYamlHost } from "../../../tools/engine";
import { testEngine } from "../../support/engine";
import { describeLanguage } from "../../support/languageSuite";
import { NativeProject } from "../../support/nativeProject";

describeLanguage("YAML", async (env) => {
  const { env: withHost } = await ensureYamlHost(testEngine());
  return new NativeProject("yaml", { ...withHost, ...env });
});
