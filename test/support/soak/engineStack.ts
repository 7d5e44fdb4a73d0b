import { killAll } from "../killAll";
import type { Order } from "../operate";
import type { Declared } from "../program";
import { ADMIN_KEY } from "../rig";
import { type Resource, TestStack } from "../stack";
import { LogWatch } from "./logWatch";
import { declare, type Program } from "./program";
import { PlayedStack, type Scene } from "./scene";
import type { Kind, Stored } from "./stateFile";
import { StateFile } from "./stateFile";
import type { Ended } from "./world";

/** What goes wrong with a run on the real engine. */
export interface EngineTrouble {
  /** The answers to this many POST requests arrive; the next one is carried out, and all processes of the run are killed. */
  readonly killAfter?: number;
  /** Whether the API went out of order for good; how is the caller's to arm. */
  readonly broken?: boolean;
}

/** A stack that the real engine runs, with the model's view of its program and its state file. */
export class EngineStack extends PlayedStack {
  private readonly real: TestStack;
  private wasKilled = false;

  constructor(
    private readonly scene: Scene,
    program: Program,
  ) {
    super("a", program);
    this.real = new TestStack({ env: { OPENAI_ADMIN_KEY: ADMIN_KEY, OPENAI_BASE_URL: scene.emulator.url } });
  }

  /** Runs `pulumi up`; after a kill with `pulumi cancel` before it, as a user has to. */
  async up({ killAfter, broken = false }: EngineTrouble = {}): Promise<Ended> {
    const { emulator, figures } = this.scene;
    const watch = new LogWatch(this.scene, this);
    let killed = false;
    if (killAfter !== undefined) {
      emulator.faults.add({
        kind: "body",
        match: { method: "POST", skip: killAfter },
        change: (body) => {
          killed = true;
          killAll(this.real.running?.pid as number);
          return body;
        },
      });
    }
    const order: Partial<Order> = this.wasKilled ? { cancelFirst: true } : {};
    const program = asDeclared(this.program, (anchor) => this.scene.anchor(anchor).pem);
    const { exitCode, output, error } = await this.real.up(program, order);
    emulator.faults.clear();
    if (killed) {
      // Requests of the dead that had arrived are carried out before this one is answered.
      await fetch(`${emulator.url}/organization/certificates`);
    }
    this.wasKilled = killed;
    const requests = emulator.requests.splice(0);
    this.state = readState(this.real.saved().resources);
    watch.read(requests);
    figures.operations++;
    figures.kills += killed ? 1 : 0;
    figures.outages += broken ? 1 : 0;
    figures.faults += requests.filter(({ fault }) => fault !== undefined).length - (killed ? 1 : 0);
    const how = killed ? "killed" : exitCode === 0 ? "done" : "failed";
    return {
      how,
      failures: how === "failed" ? [output.trim() || String(error)] : [],
      said: output,
      broken,
      disturbed: false,
      watch,
    };
  }

  remove(): void {
    this.real.remove();
  }
}

const KINDS: Readonly<Record<string, Kind>> = {
  Certificate: "certificate",
  CertificateActivation: "activation",
  ProjectCertificateActivation: "project",
};

function readState(resources: readonly Resource[]): StateFile {
  const state = new StateFile();
  for (const { urn, type, id = "", inputs = {}, outputs = {}, delete: pendingDelete = false } of resources) {
    const kind = KINDS[type.slice(type.lastIndexOf(":") + 1)] as Kind;
    const name = urn.slice(urn.lastIndexOf("::") + 2);
    const stored: Stored = { kind, name, id, inputs, outputs, dependsOn: [] };
    state.add(pendingDelete ? { ...stored, pendingDelete } : stored);
  }
  return state;
}

/** The program as the tests' process on the real engine takes it. */
function asDeclared(program: Program, pemOf: (anchor: number) => string): Declared {
  const references = new Map([...program.certificates.keys()].map((name) => [name, `@${name}`]));
  const resources = declare(program, pemOf);
  const ofKind = (kind: Kind) =>
    Object.fromEntries(resources.filter((one) => one.kind === kind).map((one) => [one.name, one.inputs(references)]));
  return {
    certificates: ofKind("certificate"),
    activations: ofKind("activation"),
    projects: ofKind("project"),
  } as unknown as Declared;
}
