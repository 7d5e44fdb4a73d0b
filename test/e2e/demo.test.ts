import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { testEngine } from "../support/engine";

const ROOT = path.resolve(__dirname, "../..");

describe("npm run demo", () => {
  it("shows up, no drift, drift with exit code 7, repair, a rotation in its order, and destroy with nothing left", () => {
    const { status, stdout, stderr } = spawnSync("npm", ["run", "--silent", "demo"], {
      cwd: ROOT,
      encoding: "utf8",
      env: { ...process.env, ...testEngine().env },
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringMatching(/error|warn.*certificate/i) });
    const summaries = stdout.split("\n").filter((line) => line.startsWith("--- "));
    expect(summaries).toEqual([
      "--- pulumi up: 16 API calls: 2 list calls, 12 uploads, 2 activations",
      "--- pulumi preview: 1 API call: 1 list call",
      "--- pulumi preview --refresh --expect-no-changes: 1 API call: 1 list call",
      "--- pulumi up --refresh: 4 API calls: 2 list calls, 1 activation, 1 rename",
      "--- pulumi up: 7 API calls: 3 list calls, 1 upload, 1 activation, 1 deactivation, 1 deletion",
      "--- pulumi up: 1 API call: 1 list call",
      "--- pulumi destroy: 15 API calls: 1 list call, 2 deactivations, 12 deletions",
    ]);
    expect(stdout).toContain("pulumi exits with code 7: drift");
    const rotation = [...stdout.matchAll(/^ {2}\d\. ([A-Z]+ \S+)$/gm)].map(([, call]) =>
      call?.replace(/cert_\w+/, "{id}"),
    );
    expect(rotation.filter((call) => !call?.startsWith("GET"))).toEqual([
      "POST /organization/certificates",
      "POST /organization/certificates/activate",
      "POST /organization/certificates/deactivate",
      "DELETE /organization/certificates/{id}",
    ]);
    expect(stdout).toMatch(/Nothing is left: no certificate, no active set, no stack\. \d+ s\.\n$/);
    expect(existsSync(path.join(ROOT, ".pulumi-demo"))).toBe(false);
  });
});
