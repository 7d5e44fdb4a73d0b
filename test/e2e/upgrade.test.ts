import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { CertificateArgs, TrustAnchorsArgs } from "pulumi-openai-certificates";
import { type Emulator, startEmulator, writes } from "../../emulator";
import { realAnchors } from "../support/anchors";
import type { Declared } from "../support/program";
import { FIXTURES, resourcesOf } from "../support/release";
import { TestStack } from "../support/stack";

const KEY = "sk-admin-local-upgrade";
const releases = readdirSync(FIXTURES).filter((name) => name.startsWith("release-"));

describe.each(releases)("what %s left in a stack", (release) => {
  const fixture = (file: string) => JSON.parse(readFileSync(path.join(FIXTURES, release, file), "utf8"));
  const program = fixture("program.json") as Declared;
  const work = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-upgrade-"));
  let emulator: Emulator;
  let stack: TestStack;

  beforeAll(async () => {
    const stateFile = path.join(work, "organization.json");
    cpSync(path.join(FIXTURES, release, "organization.json"), stateFile);
    emulator = await startEmulator({ adminKey: KEY, stateFile });
    stack = new TestStack({ env: { OPENAI_ADMIN_KEY: KEY, OPENAI_BASE_URL: emulator.url } });
    expect(await stack.import(fixture("state.json"))).toMatchObject({ exitCode: 0 });
  });
  afterAll(async () => {
    stack.remove();
    await emulator.close();
    rmSync(work, { recursive: true, force: true });
  });

  const made = () => writes(emulator.requests.splice(0)).map(({ method, path: called }) => `${method} ${called}`);

  it("shows no difference and no drift", async () => {
    const drift = await stack.drift(program);
    expect(drift).toMatchObject({ exitCode: 0 });
    expect(Object.keys(drift.changes ?? {})).toEqual(["same"]);
    expect(made()).toEqual([]);
  });

  it("is refreshed to the same resources", async () => {
    const stable = (resources: ReturnType<TestStack["resources"]>) =>
      resources.map(({ urn, id, inputs, outputs }) => ({ urn, id, inputs, outputs }));
    const before = stable(stack.resources());
    expect(before).toHaveLength(6);
    expect(await stack.refresh()).toMatchObject({ exitCode: 0 });
    expect(stable(stack.resources())).toEqual(before);
    expect(made()).toEqual([]);
  });

  it("is updated in place: a rename, an anchor rotated, another one out of the active set, the destroy announced", async () => {
    const { certificates, trustAnchors } = program;
    const [anchor = ""] = realAnchors(1);
    const changed: Declared = {
      ...program,
      certificates: {
        ...certificates,
        "root-a": { certificate: anchor },
        spare: { ...(certificates?.["spare"] as CertificateArgs), name: "Spare" },
      },
      activations: { org: { certificateIds: ["@root-a"], deactivateOnDelete: true } },
      trustAnchors: { pilot: { ...(trustAnchors?.["pilot"] as TrustAnchorsArgs), deactivateOnDelete: true } },
    };
    const id = (name: string) => resourcesOf(release).find(({ urn }) => urn.endsWith(`Certificate::${name}`))?.id;
    const up = await stack.up(changed);
    expect(up).toMatchObject({ exitCode: 0, changes: { update: 3, replace: 1 } });
    const calls = made();
    expect(calls.slice(0, 2).sort()).toEqual([
      "POST /organization/certificates",
      `POST /organization/certificates/${id("spare")}`,
    ]);
    expect(calls.slice(2)).toEqual([
      "POST /organization/certificates/activate",
      "POST /organization/certificates/deactivate",
      `DELETE /organization/certificates/${id("root-a")}`,
    ]);
  });

  it("is destroyed, by what state holds alone", async () => {
    expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
    expect(emulator.organization().certificates()).toEqual([]);
    expect(made().filter((call) => call.startsWith("DELETE"))).toHaveLength(4);
  });
});
