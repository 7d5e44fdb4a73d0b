import { PartialFailure, ProviderError } from "../../../provider/errors";
import type { Lifecycle, Properties } from "../../../provider/lifecycle";
import { UNKNOWN } from "../../../provider/unknown";
import type { Kind, StateFile, Stored } from "./stateFile";

/** A resource as a program declares it. */
export interface Declared {
  readonly kind: Kind;
  readonly name: string;
  readonly dependsOn: readonly string[];
  /** The inputs, given the ids of the resources that it depends on. */
  inputs(ids: ReadonlyMap<string, string>): Properties;
}

type Step = { readonly inputs: Properties } & (
  | { readonly op: "create" }
  | { readonly op: "same" | "update" | "replace"; readonly old: Stored }
);

const PROVIDER = "bytes of the closure";

/**
 * The engine's order of calls, after pulumi/pulumi pkg/resource/deploy (step_generator.go, step_executor.go, step.go):
 * steps are decided one at a time (check, diff, and check again for a replacement) and carried out in parallel; a
 * replacement is created before its dependents are decided, and what it replaced is deleted last of all; after a failure
 * nothing new begins; state is written after each step.
 */
export class FakeEngine {
  readonly failures: string[] = [];
  readonly counts = { create: 0, same: 0, update: 0, replace: 0, delete: 0 };
  private deciding: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly state: StateFile,
    private readonly provider: Readonly<Record<Kind, Lifecycle>>,
    private readonly dryRun = false,
  ) {}

  async up(program: readonly Declared[]): Promise<void> {
    const before = [...this.state.resources];
    const ids = new Map<string, Promise<string | undefined>>();
    for (const declared of program) {
      ids.set(declared.name, this.register(declared, ids));
    }
    await Promise.all(ids.values());
    const names = new Set(program.map(({ name }) => name));
    const condemned = before.filter((one) => one.pendingDelete === true || !names.has(one.name));
    if (this.failures.length === 0 && !this.dryRun) {
      await this.deleteAll(condemned);
    }
  }

  async refresh(): Promise<void> {
    await Promise.all(this.state.resources.map((stored) => this.attempt(stored.name, () => this.readBack(stored))));
  }

  async destroy(): Promise<void> {
    await this.deleteAll([...this.state.resources]);
  }

  private async register(
    declared: Declared,
    ids: ReadonlyMap<string, Promise<string | undefined>>,
  ): Promise<string | undefined> {
    const known = new Map<string, string>();
    for (const name of declared.dependsOn) {
      const id = await ids.get(name);
      if (id === undefined) {
        return undefined;
      }
      known.set(name, id);
    }
    const inputs = plain({ ...declared.inputs(known), __provider: PROVIDER });
    const decision = this.deciding.then(() => this.attempt(declared.name, () => this.decide(declared, inputs)));
    this.deciding = decision;
    const step = await decision;
    if (step === undefined) {
      return undefined;
    }
    if (this.dryRun) {
      this.counts[step.op]++;
      return step.op === "create" || step.op === "replace" ? UNKNOWN : step.old.id;
    }
    return this.attempt(declared.name, () => this.carryOut(declared, step));
  }

  private async decide(declared: Declared, given: Properties): Promise<Step | undefined> {
    if (this.failures.length > 0) {
      return undefined;
    }
    const old = this.state.get(declared.name);
    const inputs = await this.check(declared, old?.inputs ?? {}, given);
    if (inputs === undefined || old === undefined) {
      return inputs && { op: "create", inputs };
    }
    const diff = await this.provider[old.kind].diff(old.id, plain(old.outputs), plain(inputs));
    if (diff.changes && (diff.replaces ?? []).length > 0) {
      const again = await this.check(declared, {}, given);
      return again && { op: "replace", inputs: again, old };
    }
    return { op: diff.changes || old.initErrors !== undefined ? "update" : "same", inputs, old };
  }

  private async check({ kind, name }: Declared, olds: Properties, news: Properties): Promise<Properties | undefined> {
    const { inputs, failures } = await this.provider[kind].check(plain(olds), plain(news));
    this.failures.push(...failures.map(({ reason }) => `${name} has a problem: ${reason}`));
    return failures.length > 0 ? undefined : { ...plain(inputs), __provider: PROVIDER };
  }

  private async carryOut({ kind, name, dependsOn }: Declared, step: Step): Promise<string> {
    const { op, inputs } = step;
    if (op === "same") {
      step.old.inputs = inputs;
      this.counts.same++;
      return step.old.id;
    }
    const { id, outputs, reasons } = await this.apply(kind, step);
    if (op === "update") {
      this.state.remove(step.old);
    } else if (op === "replace") {
      step.old.pendingDelete = true;
    }
    this.state.add({
      kind,
      name,
      dependsOn,
      id,
      inputs,
      outputs,
      ...(reasons === undefined ? {} : { initErrors: reasons }),
    });
    if (reasons !== undefined) {
      throw new ProviderError(reasons.join("\n"));
    }
    this.counts[op]++;
    return id;
  }

  private async apply(kind: Kind, step: Exclude<Step, { op: "same" }>): Promise<Applied> {
    const news = plain(step.inputs);
    const withProvider = (outs: Properties) => ({ ...struct(outs), __provider: PROVIDER });
    try {
      if (step.op === "update") {
        const { id, outputs } = step.old;
        const { outs } = await this.provider[kind].update(id, plain(outputs), news);
        return { id, outputs: withProvider(outs) };
      }
      const { id, outs } = await this.provider[kind].create(news);
      return { id, outputs: withProvider(outs) };
    } catch (error) {
      if (error instanceof PartialFailure) {
        // The provider process packs these as they are, so `__provider` is lost unless they hold it.
        return { id: error.id, outputs: struct(error.properties), reasons: error.reasons };
      }
      throw error;
    }
  }

  private async readBack(stored: Stored): Promise<void> {
    const { id, props, inputs } = await this.provider[stored.kind].read(stored.id, plain(stored.outputs));
    if (id === undefined) {
      this.state.remove(stored);
      return;
    }
    stored.outputs = { ...struct(props ?? {}), __provider: PROVIDER };
    stored.inputs = { ...struct(inputs ?? stored.inputs), __provider: PROVIDER };
  }

  /** Dependents first, all that do not depend on each other at once; nothing further once one has failed. */
  private async deleteAll(condemned: readonly Stored[]): Promise<void> {
    let left = [...condemned];
    while (left.length > 0 && this.failures.length === 0) {
      const needed = new Set(left.flatMap(({ dependsOn }) => dependsOn));
      const now = left.filter(({ name }) => !needed.has(name));
      await Promise.all(now.map((stored) => this.attempt(stored.name, () => this.deleteOne(stored))));
      left = left.filter((stored) => !now.includes(stored));
    }
  }

  private async deleteOne(stored: Stored): Promise<void> {
    await this.provider[stored.kind].delete(stored.id, plain(stored.outputs));
    this.state.remove(stored);
    this.counts.delete++;
  }

  private async attempt<T>(name: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.failures.push(`${name}: ${error instanceof ProviderError ? error.message : (error as Error).stack}`);
      return undefined;
    }
  }
}

interface Applied {
  readonly id: string;
  readonly outputs: Properties;
  /** Set where it stopped half way. */
  readonly reasons?: readonly string[];
}

/** What arrives on the other side of the engine's protocol: undefined properties are left out. */
function plain(properties: Properties): Properties {
  return JSON.parse(JSON.stringify(properties)) as Properties;
}

/** What a provider may return: the protocol's struct has no undefined. */
function struct(properties: Properties): Properties {
  return JSON.parse(
    JSON.stringify(properties, (key, value: unknown) => {
      if (value === undefined) {
        throw new Error(`Unexpected struct type at ${key}`);
      }
      return value;
    }),
  ) as Properties;
}
