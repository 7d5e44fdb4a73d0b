import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createAuthority, type Emulator, startEmulator, writes } from "../../emulator";
import { realAnchors } from "../support/anchors";
import type { Declared, Transport } from "../support/program";
import { TestStack } from "../support/stack";
import { TRANSPORTS } from "../support/transports";

const KEY = "sk-admin-local-e2e";
const [first = "", second = "", third = ""] = realAnchors(3);

/** The day that is so many days from today, far enough from midnight for a test that runs over it. */
function daysFromNow(days: number): string {
  return new Date(Date.now() + days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
}

let emulator: Emulator;
let folder: string;
const stacks: TestStack[] = [];

beforeEach(async () => {
  emulator = await startEmulator({ adminKey: KEY, projects: [{ name: "Pilot" }, { name: "Production" }] });
  folder = mkdtempSync(path.join(os.tmpdir(), "anchors-"));
});
afterEach(async () => {
  for (const stack of stacks.splice(0)) {
    stack.remove();
  }
  rmSync(folder, { recursive: true });
  await emulator.close();
});

function newStack(transport: Transport = "dynamic"): TestStack {
  const stack = new TestStack({ transport, env: { OPENAI_ADMIN_KEY: KEY, OPENAI_BASE_URL: emulator.url } });
  stacks.push(stack);
  return stack;
}

/** The writes since the last time, ids left out. */
function written(): string[] {
  const calls = writes(emulator.requests).map(({ method, path: called }) =>
    `${method} ${called}`.replace("/organization/", "").replace(/(cert|proj)_\w+/g, "{id}"),
  );
  emulator.requests.length = 0;
  return calls;
}

const certificates = () => emulator.organization().certificates();
const active = () =>
  certificates()
    .filter((one) => one.active)
    .map(({ name }) => name)
    .sort();

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(path.join(folder, name), text);
  }
}

describe.each(TRANSPORTS)("a folder of anchors on the real engine (%s)", (transport) => {
  it("carries rotations through by dates alone, each in the order upload, activate, deactivate, delete", async () => {
    const stack = newStack(transport);
    const program: Declared = { trustAnchors: { org: { anchors: folder } } };
    const up = async () => {
      const { exitCode, output } = await stack.up(program);
      expect({ exitCode, output: exitCode === 0 ? "" : output }).toEqual({ exitCode: 0, output: "" });
      return output;
    };
    write({ "corp-2026.pem": first });
    await up();
    expect({ writes: written(), active: active() }).toEqual({
      writes: ["POST certificates", "POST certificates/activate"],
      active: ["corp-2026"],
    });

    // The new anchor comes long before its day: uploaded, and nothing else.
    write({ "corp-2027.pem": second, "anchors.yaml": `corp-2027: { activateOn: ${daysFromNow(10)} }` });
    expect(await up()).toMatch(`on ${daysFromNow(10)} "corp-2027" is activated`);
    expect({ writes: written(), active: active() }).toEqual({ writes: ["POST certificates"], active: ["corp-2026"] });

    // Its day has come: both are active until the old one retires.
    const overlap = `corp-2026: { retireOn: ${daysFromNow(20)} }\ncorp-2027: { activateOn: ${daysFromNow(-5)} }`;
    write({ "anchors.yaml": overlap });
    const overlapping = await up();
    expect(overlapping).toMatch(`on ${daysFromNow(20)} "corp-2026" is deactivated and deleted`);
    expect(overlapping).toMatch(`on ${daysFromNow(-5)} "corp-2027" is activated: that date has come`);
    expect({ writes: written(), active: active() }).toEqual({
      writes: ["POST certificates/activate"],
      active: ["corp-2026", "corp-2027"],
    });

    // The old one's last day is over; its file is still there.
    write({ "anchors.yaml": overlap.replace(daysFromNow(20), daysFromNow(-2)) });
    expect(await up()).toMatch(/"corp-2026" retired on .*: remove .*corp-2026\.pem and its dates/);
    expect({ writes: written(), names: certificates().map(({ name }) => name), active: active() }).toEqual({
      writes: ["POST certificates/deactivate", "DELETE certificates/{id}"],
      names: ["corp-2027"],
      active: ["corp-2027"],
    });
    rmSync(path.join(folder, "corp-2026.pem"));

    // Both dates in one run, as after a time without runs.
    write({ "corp-2028.pem": third, "anchors.yaml": `corp-2027: { retireOn: ${daysFromNow(-2)} }` });
    await up();
    expect({ writes: written(), active: active() }).toEqual({
      writes: [
        "POST certificates",
        "POST certificates/activate",
        "POST certificates/deactivate",
        "DELETE certificates/{id}",
      ],
      active: ["corp-2028"],
    });

    // Dates that would end enforcement: refused, and everything stays as it was.
    write({
      "anchors.yaml": `corp-2028: { retireOn: ${daysFromNow(-2)} }\ncorp-2027: { retireOn: ${daysFromNow(-3)} }`,
    });
    const refused = await stack.up(program);
    expect(refused.exitCode).not.toBe(0);
    expect(refused.output).toMatch(/these dates leave no anchor active/);
    expect(refused.output).toMatch(/after this change nothing would be active in the organization.*allowEmpty: true/);
    expect({ writes: written(), active: active() }).toEqual({ writes: [], active: ["corp-2028"] });

    // Deleting the activation leaves the set as it is, unless the state says otherwise beforehand.
    write({ "anchors.yaml": "" });
    rmSync(path.join(folder, "corp-2027.pem"));
    expect((await stack.up({ trustAnchors: { org: { anchors: folder, deactivateOnDelete: true } } })).exitCode).toBe(0);
    expect(written()).toEqual([]);
    expect((await stack.destroy()).exitCode).toBe(0);
    expect(written()).toEqual(["POST certificates/deactivate", "DELETE certificates/{id}"]);
  });
});

describe("a map of anchors on the real engine", () => {
  it("activates them in each of the projects, and an anchor that retires leaves all of them before it is deleted", async () => {
    const stack = newStack();
    const projectIds = emulator
      .organization()
      .projects()
      .map(({ id }) => id);
    const anchors = (dates: object) => ({ a: { certificate: first, ...dates }, b: { certificate: second, name: "B" } });
    const up = await stack.up({ trustAnchors: { apps: { anchors: anchors({}), projectIds } } });
    expect(up.exitCode).toBe(0);
    const places = () => certificates().map(({ name, activeProjects }) => [name, [...activeProjects].sort()]);
    expect(new Map(places() as [string, string[]][])).toEqual(
      new Map([
        ["a", [...projectIds].sort()],
        ["B", [...projectIds].sort()],
      ]),
    );
    expect(active()).toEqual([]);
    const ids = Object.fromEntries(certificates().map(({ id, name }) => [name, id]));
    expect(up.outputs?.["apps"]).toEqual({
      certificateIds: { a: ids["a"], b: ids["B"] },
      activeCertificateIds: [ids["a"], ids["B"]],
      active: [Object.values(ids).sort(), Object.values(ids).sort()],
    });
    written();
    const retired = anchors({ retireOn: daysFromNow(-2) });
    expect((await stack.up({ trustAnchors: { apps: { anchors: retired, projectIds } } })).exitCode).toBe(0);
    expect(written()).toEqual([
      "POST projects/{id}/certificates/deactivate",
      "POST projects/{id}/certificates/deactivate",
      "DELETE certificates/{id}",
    ]);
  });

  it("takes over the state of a program that declared the same resources, under these names or others, and writes nothing", async () => {
    const stack = newStack();
    const plain: Declared = {
      certificates: { a: { certificate: first }, "b-root": { certificate: second, name: "b" } },
      activations: { everything: { certificateIds: ["@a", "@b-root"] } },
    };
    const before = (await stack.up(plain)).outputs;
    written();
    const moved: Declared = {
      trustAnchors: {
        org: {
          anchors: { a: first, b: second },
          formerNames: { certificates: { b: "b-root" }, activations: { organization: "everything" } },
        },
      },
    };
    // What is created is the component itself, which is nothing in the organization.
    const { exitCode, changes } = await stack.preview(moved);
    expect({ exitCode, changes }).toEqual({ exitCode: 0, changes: { create: 1, same: 4 } });
    const up = await stack.up(moved);
    expect(up.changes).toEqual({ create: 1, same: 4 });
    expect(up.outputs?.["org"]).toEqual({
      certificateIds: { a: before?.["a"], b: before?.["b-root"] },
      activeCertificateIds: [before?.["a"], before?.["b-root"]],
      active: [before?.["everything:active"]],
    });
    expect(written()).toEqual([]);
  });

  it("uploads only with activate: false, and the program activates the active ones of several together", async () => {
    const stack = newStack();
    const later = { certificate: second, activateOn: daysFromNow(10) };
    const program: Declared = {
      trustAnchors: {
        corp: { anchors: { a: first, b: later }, activate: false },
        partners: { anchors: { c: third }, activate: false },
      },
      activations: { org: { certificateIds: ["@corp", "@partners"] } },
    };
    const { exitCode, output, outputs } = await stack.up(program);
    expect(exitCode).toBe(0);
    expect(output).toMatch(`on ${daysFromNow(10)} "b" joins activeCertificateIds`);
    expect(certificates()).toHaveLength(3);
    expect(active()).toEqual(["a", "c"]);
    const ids = Object.fromEntries(certificates().map(({ id, name }) => [name, id]));
    expect(outputs?.["corp"]).toEqual({
      certificateIds: { a: ids["a"], b: ids["b"] },
      activeCertificateIds: [ids["a"]],
      active: [],
    });
    expect((await stack.preview(program)).changes).toEqual({ same: 7 });
  });

  it("protects the activation alone with protectActivation, so that anchors come and go", async () => {
    const stack = newStack();
    const anchors = (dates: object) => ({ a: first, b: { certificate: second, ...dates } });
    const protect = (given: ReturnType<typeof anchors>): Declared => ({
      trustAnchors: { org: { anchors: given, protectActivation: true } },
    });
    expect((await stack.up(protect(anchors({})))).exitCode).toBe(0);
    expect((await stack.up(protect(anchors({ retireOn: daysFromNow(-2) })))).exitCode).toBe(0);
    expect(active()).toEqual(["a"]);
    written();
    const destroyed = await stack.destroy();
    expect(destroyed.exitCode).not.toBe(0);
    expect(destroyed.output).toMatch(/CertificateActivation::org.* cannot be deleted\s+because it is protected/);
    expect({ writes: written(), active: active() }).toEqual({ writes: [], active: ["a"] });
  });

  it.each(TRANSPORTS)("leaves resources of the same names alone where formerNames is false (%s)", async (transport) => {
    const stack = newStack(transport);
    const plain: Declared = { certificates: { a: { certificate: first } } };
    expect((await stack.up(plain)).exitCode).toBe(0);
    const both: Declared = { ...plain, trustAnchors: { org: { anchors: { a: second }, formerNames: false } } };
    const { exitCode, changes } = await stack.preview(both);
    expect({ exitCode, changes }).toEqual({ exitCode: 0, changes: { create: 3, same: 2 } });
  });

  it("of the plugin is deleted with what the program says", async () => {
    const stack = newStack("native");
    const trustAnchors = { org: { anchors: { b: second }, activate: false } };
    await stack.up({ certificates: { a: { certificate: first } }, trustAnchors, deletedWith: { org: "@a" } });
    const [component] = stack.resources().filter(({ type }) => type.endsWith(":TrustAnchors"));
    expect(component).toMatchObject({ deletedWith: expect.stringMatching(/:Certificate::a$/) });
  });

  it("refuses what is wrong with a message alone, before anything is sent", async () => {
    const { certificate: expired } = await createAuthority({
      notBefore: new Date("2020-01-01"),
      notAfter: new Date("2021-01-01"),
    });
    emulator.requests.length = 0;
    const preview = (second: string) =>
      newStack().preview({ trustAnchors: { org: { anchors: { a: first, second } } } });
    const [twins, late] = await Promise.all([preview(first), preview(expired)]);
    expect([twins.exitCode === 0, late.exitCode === 0]).toEqual([false, false]);
    expect(twins.output).toMatch(
      /TrustAnchors "org": anchors\["a"\] and anchors\["second"\] hold the same certificate/,
    );
    expect(late.output).toMatch(/resource 'org-second' has a problem: certificate expired on 2021-01-01/);
    expect(twins.output + late.output).not.toMatch(/^\s+at |-----BEGIN/m);
    expect(written()).toEqual([]);
  });
});
