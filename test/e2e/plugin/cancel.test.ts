import type { ChildProcess } from "node:child_process";
import { startEmulator } from "../../../emulator";
import { ensureYamlHost } from "../../../tools/engine";
import { testEngine } from "../../support/engine";
import { until } from "../../support/engineWorld";
import { NativeProject } from "../../support/nativeProject";

const KEY = "sk-admin-local-cancel";

describe("the first ^C, with the native plugin", () => {
  it("ends a long wait after one last attempt, leaves nothing pending, and the next up goes on", async () => {
    const emulator = await startEmulator({ adminKey: KEY });
    const { env } = await ensureYamlHost(testEngine());
    const project = new NativeProject("yaml", { ...env, OPENAI_ADMIN_KEY: KEY, OPENAI_BASE_URL: emulator.url });
    try {
      await project.pulumi("stack", "init", "test");
      await project.pulumi("config", "set", "openai-certificates:baseUrl", emulator.url, "--stack", "test");
      const path = /\/activate$/;
      emulator.faults.add({ kind: "status", status: 429, retryAfter: 250, match: { path, times: Infinity } });
      const activations = () => emulator.requests.filter((one) => path.test(one.path));
      let running: ChildProcess | undefined;
      const ending = project.operate("up", (child) => {
        running = child;
      });
      await until(() => activations().some(({ status }) => status === 429));
      running?.kill("SIGINT");
      const { exitCode, output } = await ending;
      expect(exitCode).not.toBe(0);
      expect(output).toContain("Gave up after 2 attempts: the run was interrupted. Run again later.");
      expect(activations()).toHaveLength(2);

      const { output: exported } = await project.pulumi("stack", "export", "--stack", "test");
      const { deployment } = JSON.parse(exported) as { deployment: { pending_operations?: object[] } };
      expect(deployment.pending_operations ?? []).toEqual([]);
      emulator.faults.clear();
      expect(await project.operate("up")).toMatchObject({ exitCode: 0 });
      expect(emulator.organization().certificates()).toMatchObject([{ name: "corp-root", active: true }]);
    } finally {
      project.remove();
      await emulator.close();
    }
  });
});
