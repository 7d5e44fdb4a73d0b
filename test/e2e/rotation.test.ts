import { writeFileSync } from "node:fs";
import path from "node:path";
import { type Authority, createAuthority, type Emulator, type Issued, startEmulator, writes } from "../../emulator";
import type { Declared, Transport } from "../support/program";
import { type Ended, TestStack } from "../support/stack";
import { type Counts, LEAST, Traffic } from "../support/traffic";
import { TRANSPORTS } from "../support/transports";
import { openaiCertificates } from "../unit/cli/run";

const KEY = "sk-admin-local-rotation";
/** How long a toggle's answer is held back once it is carried out: traffic goes on in every state in between. */
const HOLD_MS = 150;

// Six engine operations each, beside the traffic, on machines that may be busy with more.
jest.setTimeout(5 * 60 * 1000);

/** An organization with workloads at its door, and the stack that changes its anchors. */
class Rotation {
  private constructor(
    readonly emulator: Emulator,
    readonly stack: TestStack,
    readonly traffic: Traffic,
  ) {}

  static async begin(transport: Transport, clients: Readonly<Record<string, Issued>>): Promise<Rotation> {
    const emulator = await startEmulator({ adminKey: KEY, mtlsPort: 0 });
    for (const path of [/\/activate$/, /\/deactivate$/]) {
      emulator.faults.add({ kind: "latency", ms: HOLD_MS, at: "after", match: { path, times: Infinity } });
    }
    const stack = new TestStack({
      transport,
      env: { OPENAI_ADMIN_KEY: KEY, OPENAI_BASE_URL: emulator.url },
    });
    return new Rotation(emulator, stack, await Traffic.start(emulator, clients));
  }

  async end(): Promise<void> {
    await this.traffic.end();
    this.stack.remove();
    await this.emulator.close();
  }

  /** One operation under traffic: how it ended, what it wrote, and what became of the requests meanwhile. */
  async step(
    declared: Declared,
    operation: "up" | "preview" = "up",
  ): Promise<{ ended: Ended; wrote: string[]; counts: Counts; quiet: string[] }> {
    await this.traffic.counts();
    this.emulator.requests.length = 0;
    const ended = await this.stack[operation](declared);
    const counts = await this.traffic.counts();
    const wrote = writes(this.emulator.requests).map(callOf);
    return { ended, counts, wrote, quiet: this.quietMoments() };
  }

  /** `openai-certificates probe` between two stages: the clients' results, with exit code 0 where they are as expected. */
  async probe(clients: Readonly<Record<string, Issued>>, refused: readonly string[]) {
    const file = (name: string, content: string) => {
      writeFileSync(path.join(this.stack.folder, name), content);
      return path.join(this.stack.folder, name);
    };
    const given = Object.entries(clients).flatMap(([name, { chain, key }]) => [
      "--client",
      `${name}=${file(`${name}.pem`, chain)},${file(`${name}.key`, key)}`,
    ]);
    const expected = refused.flatMap((name) => ["--expect", `${name}=refused`]);
    const host = (this.emulator.mtlsUrl ?? "").replace(/\/v1$/, "");
    const { stdout, code } = await openaiCertificates(["probe", "--json", "--host", host, ...given, ...expected], {
      OPENAI_API_KEY: "sk-proj-of-the-rotation",
      NODE_EXTRA_CA_CERTS: file("host-ca.pem", this.emulator.mtlsCa ?? ""),
    });
    const { clients: probed } = JSON.parse(stdout) as { clients: { name: string; result: string }[] };
    return { code, results: Object.fromEntries(probed.map(({ name, result }) => [name, result])) };
  }

  /** Toggles that no client's request followed before the next write: moments that nothing was measured in. */
  private quietMoments(): string[] {
    const log = this.emulator.requests;
    return log.flatMap((entry, index) => {
      const rest = log.slice(index + 1);
      const next = rest.findIndex(({ listener, method }) => listener === "admin" && method !== "GET");
      const until = next === -1 ? rest : rest.slice(0, next);
      const isToggle = entry.path.endsWith("activate");
      return isToggle && !until.some(({ listener }) => listener === "mtls") ? [callOf(entry)] : [];
    });
  }
}

function callOf({ method, path }: { method: string; path: string }): string {
  return `${method} ${path.replace("/organization/certificates", "").replace(/cert_\w+/, "{id}") || "/"}`;
}

const served = { refused: 0, lost: 0, ok: expect.any(Number), codes: {} };
const [UPLOAD, ACTIVATE, DEACTIVATE, DELETE] = ["POST /", "POST /activate", "POST /deactivate", "DELETE /{id}"];

/** Prints the rate that a run was under, and asserts that its requests were enough for the time that it took. */
async function expectEnough(traffic: Traffic, what: string): Promise<void> {
  const { requests, seconds } = await traffic.stop();
  process.stdout.write(
    `${what}: ${requests} requests in ${seconds.toFixed(1)} s, ${Math.round(requests / seconds)} a second\n`,
  );
  expect(requests).toBeGreaterThanOrEqual(LEAST * seconds);
}

describe.each(TRANSPORTS)("a rotation under traffic, on the real engine (%s)", (transport) => {
  let old: Authority;
  let next: Authority;
  let stranger: Issued;
  let rotation: Rotation | undefined;
  beforeAll(async () => {
    old = await createAuthority({ commonName: "Corp Root 2024" });
    next = await createAuthority({ commonName: "Corp Root 2026" });
    stranger = await (await createAuthority({ commonName: "Nobody's" })).client();
  });
  afterEach(() => rotation?.end());

  it("with two anchors leaves no moment without an anchor of a required client: upload beside, activate, move, deactivate, delete", async () => {
    const gateway = await (await old.intermediate({ commonName: "Issuing CA" })).client({ commonName: "gateway" });
    const worker = await next.client({ commonName: "worker" });
    rotation = await Rotation.begin(transport, { gateway, worker, stranger });
    const { traffic, emulator } = rotation;
    const declare = (uploaded: string[], active: string[], required: Issued[]): Declared => ({
      certificates: Object.fromEntries(
        Object.entries({ old, next })
          .filter(([name]) => uploaded.includes(name))
          .map(([name, { certificate }]) => [name, { certificate }]),
      ),
      activations: {
        org: { certificateIds: active.map((name) => `@${name}`), requiredClients: required.map(({ chain }) => chain) },
      },
    });

    const begun = await rotation.step(declare(["old"], ["old"], [gateway]));
    expect(begun).toMatchObject({ ended: { exitCode: 0 }, wrote: [UPLOAD, ACTIVATE], quiet: [] });
    expect(begun.counts["gateway"]).toMatchObject(served);
    expect(begun.counts["stranger"]?.codes).toEqual({ certificate_verification_failed: expect.any(Number) });

    const beside = await rotation.step(declare(["old", "next"], ["old"], [gateway]));
    expect(beside).toMatchObject({ ended: { exitCode: 0 }, wrote: [UPLOAD] });
    expect(beside.counts).toMatchObject({ gateway: served, worker: { ok: 0 }, stranger: { ok: 0 } });

    const both = await rotation.step(declare(["old", "next"], ["old", "next"], [gateway, worker]));
    expect(both).toMatchObject({ ended: { exitCode: 0 }, wrote: [ACTIVATE], quiet: [] });
    expect(both.counts).toMatchObject({ gateway: served, stranger: { ok: 0 } });

    // Before anything is retired, the API itself is asked whether it takes the clients of the new anchor.
    expect(await rotation.probe({ gateway, worker, stranger }, ["stranger"])).toEqual({
      code: 0,
      results: { gateway: "accepted", worker: "accepted", stranger: "refused" },
    });

    const tooEarly = await rotation.step(declare(["old", "next"], ["next"], [gateway, worker]));
    expect(tooEarly.ended.output).toMatch(
      /required client CN=gateway .*would be locked out of the organization: .*it depends on cert_\w+ "old", which this change deactivates/,
    );
    expect(tooEarly.ended.exitCode).not.toBe(0);
    expect(tooEarly.wrote).toEqual([]);
    expect(tooEarly.counts).toMatchObject({ gateway: served, worker: served, stranger: { ok: 0 } });

    await traffic.retire("gateway");
    const moved = await rotation.step(declare(["old", "next"], ["next"], [worker]));
    expect(moved).toMatchObject({ ended: { exitCode: 0 }, wrote: [DEACTIVATE], quiet: [] });
    expect(moved.counts).toMatchObject({ gateway: { ok: 0, refused: 0 }, worker: served, stranger: { ok: 0 } });

    expect(await rotation.probe({ gateway, worker }, ["gateway"])).toMatchObject({ code: 0 });
    expect(await rotation.probe({ gateway }, [])).toEqual({ code: 3, results: { gateway: "refused" } });

    const done = await rotation.step(declare(["next"], ["next"], [worker]));
    expect(done).toMatchObject({ ended: { exitCode: 0 }, wrote: [DELETE] });
    expect(done.counts).toMatchObject({ worker: served, stranger: { ok: 0 } });
    for (const { counts } of [beside, both, tooEarly]) {
      // Kept connections, whose verdict follows the active set, and fresh ones all the while.
      expect(counts["gateway"]?.ok).toBeGreaterThan(10 * (counts["gateway"]?.connections ?? 0));
      expect(counts["gateway"]?.connections).toBeGreaterThan(0);
    }
    const left = emulator.organization().certificates();
    expect(left).toMatchObject([{ name: "next", active: true }]);
    await expectEnough(traffic, "rotation with two anchors");
  });

  it("in place leaves none with a renewed generation of the same key, and is not made where it would", async () => {
    const gateway = await old.client({ commonName: "gateway" });
    rotation = await Rotation.begin(transport, { gateway, stranger });
    const { traffic, emulator } = rotation;
    const declare = ({ certificate }: Authority, requiredClients: string[] = [gateway.chain]): Declared => ({
      certificates: { root: { certificate } },
      activations: { org: { certificateIds: ["@root"], requiredClients } },
    });
    const renewed = await old.renew();
    expect((await rotation.step(declare(old))).counts["gateway"]).toMatchObject(served);

    const inPlace = await rotation.step(declare(renewed));
    expect(inPlace).toMatchObject({
      ended: { exitCode: 0 },
      wrote: [UPLOAD, ACTIVATE, DEACTIVATE, DELETE],
      quiet: [],
      counts: { gateway: served, stranger: { ok: 0 } },
    });

    const previewed = await rotation.step(declare(next), "preview");
    // The plugin cannot be sure that the id is the new certificate's: it warns, and the run refuses.
    expect(previewed.ended.exitCode === 0).toBe(transport === "native");
    expect(previewed.ended.output).toMatch(
      /required client CN=gateway .*it depends on cert_\w+ "root", which this change/,
    );
    expect(previewed.wrote).toEqual([]);
    // Without a preview before it, a run uploads the replacement first, as Pulumi creates before it deletes.
    const refused = await rotation.step(declare(next));
    expect(refused.ended.exitCode).not.toBe(0);
    expect(refused).toMatchObject({ wrote: [UPLOAD], counts: { gateway: served, stranger: { ok: 0 } } });

    const back = await rotation.step(declare(renewed));
    expect(back).toMatchObject({ ended: { exitCode: 0 }, quiet: [], counts: { gateway: served, stranger: { ok: 0 } } });
    expect(emulator.organization().certificates()).toMatchObject([{ name: "root", active: true }]);

    // Without requiredClients the same change is made, and the measure shows what they are for.
    const unguarded = await rotation.step(declare(next, []));
    expect(unguarded.ended.exitCode).toBe(0);
    expect(unguarded.counts["gateway"]?.codes).toEqual({ certificate_verification_failed: expect.any(Number) });
    await expectEnough(traffic, "rotation in place");
  });
});
