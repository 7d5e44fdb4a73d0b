import { spawn } from "node:child_process";
import path from "node:path";
import { text } from "node:stream/consumers";
import { createAuthority, type Emulator, startEmulator } from "../../../emulator";
import { realAnchors } from "../../support/anchors";

const ROOT = path.resolve(__dirname, "../../..");
const KEY = "sk-admin-local-start-up";

/** Notes in `stages` which modules have been loaded since the last stage: packages, and this package's own files. */
const STAGES = `
const stages = {};
const known = new Set(Object.keys(require.cache));
const stage = (name) => {
  const files = Object.keys(require.cache).filter((file) => !known.has(file));
  files.forEach((file) => known.add(file));
  const packageOf = (file) => /.*node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(file)?.[1];
  const packages = [...new Set(files.map(packageOf).filter((name) => name !== undefined))].sort();
  const own = files.filter((file) => packageOf(file) === undefined).map((file) => file.slice(process.cwd().length + 1));
  stages[name] = { packages, own };
};
const main = async () => { SCRIPT };
main().then(() => require("node:fs").writeFileSync(3, JSON.stringify(stages)));
`;

interface Loaded {
  readonly packages: string[];
  readonly own: string[];
}

/** Runs a script in a process of its own, and answers what each of its stages loaded. */
async function stagesOf(script: string, env: Record<string, string> = {}): Promise<Record<string, Loaded>> {
  const child = spawn(process.execPath, ["--import", "tsx", "-e", STAGES.replace("SCRIPT", () => script)], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    // The provider's own messages go to standard output.
    stdio: ["ignore", "ignore", "inherit", "pipe"],
  });
  return JSON.parse(await text(child.stdio[3] as NodeJS.ReadableStream)) as Record<string, Loaded>;
}

describe("what is loaded, and when", () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator({ adminKey: KEY });
  });
  afterAll(() => emulator.close());

  it("importing the package loads nothing but itself on top of @pulumi/pulumi, and no lifecycle", async () => {
    const { all } = await stagesOf(`
      require("@pulumi/pulumi");
      stage("pulumi");
      require("./sdk");
      stage("all");
    `);
    expect(all?.packages).toEqual([]);
    expect(all?.own).toContain(path.join("sdk", "index.ts"));
    expect(all?.own.filter((file) => /lifecycle|organization|session|api\//.test(file))).toEqual([]);
  });

  it("the provider loads neither Pulumi nor any library until a call needs one, not even for required clients", async () => {
    const [first = "", second = ""] = realAnchors(2);
    const id = emulator.organization().upload({ name: "root", certificate: first });
    const authority = await createAuthority();
    const anchor = emulator.organization().upload({ name: "authority", certificate: authority.certificate });
    const { chain } = await authority.client();
    const stages = await stagesOf(
      `
        const { certificate, certificateActivation, configure } = require("./provider");
        configure({ config: { get: () => undefined } });
        stage("configured");
        const known = { name: "known", certificate: process.env.SECOND };
        const { failures } = await certificate.check(known, known);
        if (failures.length > 0) throw new Error(failures[0].reason);
        stage("check");
        const state = { name: "root", certificate: process.env.FIRST };
        const read = await certificate.read(process.env.ID, state);
        if (read.id !== process.env.ID) throw new Error("not read");
        const isIndex = (file) => /undici.index\\.js$/.test(file);
        if (Object.keys(require.cache).some(isIndex)) throw new Error("the whole of undici is loaded");
        stage("call");
        const set = { certificateIds: [process.env.ANCHOR] };
        await certificateActivation.check({}, set);
        stage("activation");
        await certificateActivation.check({}, { ...set, requiredClients: [process.env.CHAIN] });
        stage("client");
      `,
      {
        OPENAI_ADMIN_KEY: KEY,
        OPENAI_BASE_URL: emulator.url,
        ID: id,
        FIRST: first,
        SECOND: second,
        ANCHOR: anchor,
        CHAIN: chain,
      },
    );
    const packages = Object.entries(stages).map(([name, loaded]) => [name, loaded.packages]);
    expect(Object.fromEntries(packages)).toEqual({
      configured: [],
      check: [],
      call: ["undici"],
      activation: [],
      client: [],
    });
    expect(stages["client"]?.packages).not.toContain("@pulumi/pulumi");
  });
});
