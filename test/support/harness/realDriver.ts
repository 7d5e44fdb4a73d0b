import type { Fault } from "../../../emulator";
import { killAll } from "../killAll";
import type { Report } from "../operate";
import type { Declared as Written } from "../program";
import { type Resource, TestStack } from "../stack";
import type { Driver, Ended, Order } from "./driver";
import type { Decided, Failure } from "./fakeEngine";
import { Faults, TRANSIENT } from "./faults";
import type { Kind } from "./program";
import type { Random } from "./random";
import { StateFile, type Stored } from "./state";
import { type Effect, KEYS, type World } from "./world";

const KINDS: Readonly<Record<string, Kind>> = {
  Certificate: "certificate",
  CertificateActivation: "activation",
  ProjectCertificateActivation: "project",
};

/** Runs the operations on the real engine, in a stack of its own. */
export class RealDriver implements Driver {
  readonly canBeDisturbed = false;
  private readonly env: Record<string, string> = { EU_KEY: KEYS.eu };
  private readonly stack: TestStack;
  private wasKilled = false;

  constructor(
    world: World,
    private readonly chance: Random,
  ) {
    this.env["OPENAI_BASE_URL"] = world.emulator.url;
    const organizations = { main: { adminKeyEnv: "OPENAI_ADMIN_KEY" }, eu: { adminKeyEnv: "EU_KEY" } };
    const config = { "openai:organizations": { value: JSON.stringify(organizations) } };
    this.stack = new TestStack({ env: this.env, config });
  }

  async run(world: World, order: Order): Promise<Ended> {
    const { operation, flags, killAfter, wrongKey } = order;
    const { emulator } = world;
    this.env["OPENAI_ADMIN_KEY"] = wrongKey ? KEYS.empty : KEYS.main;
    const effects: Effect[] = [];
    let killed = false;
    const seen = (body: unknown) => {
      effects.push(...world.effects());
      return body;
    };
    this.arm(order, world, seen);
    if (killAfter !== undefined) {
      const change = (body: unknown) => {
        killed = true;
        killAll(this.stack.running?.pid as number);
        return seen(body);
      };
      emulator.faults.add({ kind: "body", match: { skip: killAfter }, change });
    }
    const { refresh, runProgram, targets: target, excludes: exclude, replace } = flags;
    const more = JSON.parse(
      JSON.stringify({
        refresh,
        runProgram,
        target,
        exclude,
        replace,
        cancelFirst: this.wasKilled || undefined,
        tellSteps: true,
      }),
    );
    const isProgram = operation === "up" || operation === "preview";
    const {
      exitCode,
      output,
      error,
      steps = {},
    } = isProgram ? await this.stack[operation](written(world), more) : await this.stack[operation](more);
    emulator.faults.clear();
    if (killed) {
      // Requests of the dead that had arrived are carried out before this one is answered.
      await fetch(`${emulator.url}/organization/certificates`);
      this.stack.removeTornAttributes();
    }
    this.wasKilled = killed;
    effects.push(...world.effects());
    const requests = emulator.requests.splice(0).filter(({ organization }) => organization !== undefined);
    world.state = new StateFile(this.stack.saved().resources.map(stored));
    const how = killed ? "killed" : exitCode === 0 ? "done" : "failed";
    const failures = how === "failed" ? [failure(operation, output.trim() || String(error))] : [];
    return { how, failures, said: output, decided: decidedIn(steps), requests, effects };
  }

  close(): void {
    this.stack.remove();
  }

  /** Arms what goes wrong; where nothing does, a look after every request that was carried out. */
  private arm({ trouble, killAfter }: Order, { emulator }: World, seen: (body: unknown) => unknown): void {
    const { rate, brokenFrom } = trouble;
    if (rate !== undefined) {
      const kinds = TRANSIENT.filter((mishap): mishap is Fault => mishap.kind !== "silence");
      emulator.faults.random({ rate, seed: this.chance.below(2 ** 31), kinds });
    } else if (brokenFrom !== undefined) {
      const broken = new Faults(this.chance, { brokenFrom: 0 }).draw("");
      emulator.faults.add({ ...(broken as Fault), match: { skip: brokenFrom, times: Number.POSITIVE_INFINITY } });
    } else if (killAfter === undefined) {
      emulator.faults.add({ kind: "body", change: seen, match: { times: Number.POSITIVE_INFINITY } });
    }
  }
}

/** The world's program, as the programs of the tests are written. */
function written(world: World): Written {
  const declared = world.declared();
  const of = (kind: Kind) =>
    Object.fromEntries(
      declared.flatMap((one) => {
        const ids = new Map(one.dependsOn.map((name) => [name, `@${name}`]));
        const { certificateHints: _, ...args } = one.inputs(ids);
        return one.kind === kind ? [[one.name, args as never]] : [];
      }),
    );
  const each = Object.fromEntries(
    declared.map(({ name, aliases, provider }) => [name, { aliases, ...(provider === 1 && { provider: "second" }) }]),
  );
  return { certificates: of("certificate"), activations: of("activation"), projects: of("project"), each };
}

/** But for the stack and providers, which are no resources of the program's. */
function decidedIn(steps: NonNullable<Report["steps"]>): Map<string, Decided> {
  const ours = Object.entries(steps).filter(([, { inputs }]) => inputs["__provider"] !== undefined);
  return new Map(
    ours.map(([name, { op, inputs }]) => {
      return [name, { op: op === "create-replacement" ? "replace" : (op as Decided["op"]), inputs }];
    }),
  );
}

function failure(operation: Order["operation"], text: string): Failure {
  const isDelete = /certificate_in_use|deleting failed/.test(text);
  return { phase: isDelete ? "delete" : operation === "preview" ? "check" : "update", name: "the stack", text };
}

function stored(resource: Resource): Stored {
  const { urn, type, id = "", inputs = {}, outputs = {}, delete: isOld = false, provider = "" } = resource;
  return {
    kind: KINDS[type.slice(type.lastIndexOf(":") + 1)] as Kind,
    name: urn.slice(urn.lastIndexOf("::") + 2),
    id,
    provider: provider.includes("::second::") ? 1 : 0,
    inputs,
    outputs,
    dependsOn: [],
    isOld,
  };
}
