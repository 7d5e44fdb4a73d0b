import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "../../../emulator";
import { anchor, call, emulators, KEY, uploadAnchors } from "./helpers";

const PATH = "/organization/certificates";

describe("the emulator's state file", () => {
  const start = emulators();
  let folder: string;
  let stateFile: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "emulator-"));
    stateFile = join(folder, "state.json");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("brings back certificates, active sets and projects after a restart", async () => {
    const first = await start({ stateFile, projects: [{ id: "proj_a", name: "A", archived: true }] });
    const [a = "", b = "", gone = ""] = uploadAnchors(first, 3);
    const body = { certificate_ids: [a] };
    await call(first, "POST", `${PATH}/activate`, { body });
    await call(first, "POST", "/organization/projects/proj_a/certificates/activate", { body });
    await call(first, "DELETE", `${PATH}/${gone}`);
    await call(first, "POST", `${PATH}/${b}`, { body: { name: "renamed" } });
    const certificates = first.organization().certificates();
    const projects = first.organization().projects();
    await first.close();

    const second = await start({
      stateFile,
      projects: [
        { id: "proj_a", name: "A" },
        { id: "proj_b", name: "A" },
      ],
    });
    expect(second.organization().certificates()).toEqual(certificates);
    expect(certificates).toMatchObject([{ id: a, active: true, activeProjects: ["proj_a"] }, { name: "renamed" }]);
    expect(second.organization().projects()).toEqual([...projects, expect.objectContaining({ id: "proj_b" })]);
  });

  it("is complete at the moment a request is answered, so that a killed emulator loses nothing", async () => {
    const emulator = await start({ stateFile });
    const { body } = await call(emulator, "POST", PATH, { body: { name: "kept", certificate: anchor() } });
    const saved = JSON.parse(readFileSync(stateFile, "utf8"));
    expect(saved.organizations[0].certificates).toMatchObject([{ id: body.id, name: "kept", content: anchor() }]);
  });

  it("is for its owner only, holds no key, and leaves no other file behind", async () => {
    const emulator = await start({ stateFile });
    uploadAnchors(emulator, 1);
    expect(statSync(stateFile).mode & 0o777).toBe(0o600);
    expect(readFileSync(stateFile, "utf8")).not.toContain(KEY);
    expect(readdirSync(folder)).toEqual(["state.json"]);
  });

  it("keeps organizations that have no key this time", async () => {
    const both = await start({ stateFile, adminKey: { acme: "k1", beta: "k2" } });
    both.organization("beta").upload({ certificate: anchor() });
    await both.close();
    const one = await start({ stateFile, adminKey: { acme: "k1" } });
    one.organization("acme").upload({ certificate: anchor(1) });
    await one.close();
    const again = await start({ stateFile, adminKey: { acme: "k1", beta: "k2" } });
    const counts = ["acme", "beta"].map((name) => again.organization(name).certificates().length);
    expect(counts).toEqual([1, 1]);
  });

  it("does not lose a certificate that has expired meanwhile", async () => {
    const first = await start({ stateFile });
    uploadAnchors(first, 1);
    await first.close();
    const later = await start({ stateFile, now: () => new Date("2100-01-01T00:00:00Z") });
    expect(later.organization().certificates()).toHaveLength(1);
  });

  it.each([
    ["is no JSON", "{"],
    ["is a key", KEY],
    ["is another document", '{"version": 2}'],
    ["has no organizations", '{"version": 1}'],
    ["is a list", "[]"],
    ["has a broken organization", '{"version": 1, "organizations": [{"name": "default", "projects": []}]}'],
    [
      "has a broken certificate",
      '{"version":1,"organizations":[{"name":"a","projects":[],"certificates":[{"id":"cert_1","name":null,"createdAt":1,"content":"x","activeIn":[]}]}]}',
    ],
    [
      "has a broken project",
      '{"version":1,"organizations":[{"name":"a","certificates":[],"projects":[{"id":"p","name":"P","createdAt":"now","archivedAt":null}]}]}',
    ],
  ])("that %s is refused with its name, and left as it is", async (_what, text) => {
    writeFileSync(stateFile, text);
    const refused = await startEmulator({ adminKey: KEY, stateFile }).catch((error: Error) => error);
    if (!(refused instanceof Error)) throw new Error("it was taken");
    expect(refused.message).toContain(`The state file ${stateFile} is not one this emulator wrote`);
    expect(refused.stack).not.toContain("sk-admin");
    expect(readFileSync(stateFile, "utf8")).toBe(text);
  });

  it("that cannot be written is named, at the start and in the answer to a request", async () => {
    const nowhere = join(folder, "missing", "state.json");
    await expect(startEmulator({ adminKey: KEY, stateFile: nowhere })).rejects.toThrow(
      `The state file ${nowhere} could not be written: ENOENT`,
    );
    const emulator = await start({ stateFile });
    rmSync(folder, { recursive: true });
    const { status, body } = await call(emulator, "POST", PATH, { body: { certificate: anchor() } });
    expect([status, body.error.type]).toEqual([500, "server_error"]);
    expect(body.error.message).toContain("could not be written");
    folder = mkdtempSync(join(tmpdir(), "emulator-"));
  });

  it("that cannot be read is named", async () => {
    await expect(startEmulator({ adminKey: KEY, stateFile: folder })).rejects.toThrow(
      `The state file ${folder} could not be read: EISDIR`,
    );
  });
});
