import { ScopeClaims } from "../../../provider/activation/oneScope";
import { ProviderError } from "../../../provider/errors";
import type { Lifecycle, Properties } from "../../../provider/lifecycle";
import { UNKNOWN } from "../../../provider/unknown";
import { PROVIDER, plain, struct, write } from "./packing";
import type { Declared, Kind } from "./program";
import type { StateFile, Stored } from "./state";

export type Lifecycles = Readonly<Record<Kind, Lifecycle>>;

/** Flags of an operation. Resources are named by their logical names. */
export interface Flags {
  readonly refresh?: boolean;
  readonly runProgram?: boolean;
  readonly targets?: readonly string[];
  readonly excludes?: readonly string[];
  readonly replace?: readonly string[];
}

/** Whether an operation with these flags is about a resource. */
export function isMeant({ targets, excludes = [] }: Flags, { name }: { readonly name: string }): boolean {
  return (targets?.includes(name) ?? true) && !excludes.includes(name);
}

export interface Failure {
  readonly phase: "check" | "diff" | "create" | "update" | "read" | "delete" | "engine";
  readonly name: string;
  readonly text: string;
}

/** What was decided for a resource, and the inputs that check made of the program's. */
export interface Decided {
  readonly op: "create" | "same" | "update" | "replace";
  readonly inputs: Properties;
}

/**
 * The engine's order of calls, by runs of a provider that only logs (CLI 3.230.0 and 3.274.1) and by pulumi/pulumi
 * pkg/resource/deploy (step_generator.go, step_executor.go, step.go): steps are decided one at a time and carried out in
 * parallel; a replacement is checked a second time as new; what was replaced or removed is deleted last of all, dependents
 * first; after a failure nothing new begins; state is written after each step.
 */
export class FakeEngine {
  readonly failures: Failure[] = [];
  readonly decided = new Map<string, Decided>();
  private deciding: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly state: StateFile,
    private readonly provider: (process: 0 | 1) => Lifecycles,
    private readonly flags: Flags,
    private readonly dryRun: boolean,
  ) {}

  async up(program: readonly Declared[]): Promise<void> {
    const { refresh, runProgram } = this.flags;
    if (refresh && !runProgram) {
      await this.refresh();
    }
    const ids = new Map<string, Promise<string | undefined>>();
    const claims = new ScopeClaims();
    for (const declared of program) {
      const { kind, name, organization, projectId } = declared;
      const refused = kind !== "certificate" && claims.claim({ organization, projectId }, { key: declared, name });
      if (refused) {
        // Thrown by the class's constructor: the program ends there, and what it has registered goes on.
        this.fail("engine", name, refused);
        break;
      }
      ids.set(declared.name, this.register(declared, ids));
    }
    await Promise.all(ids.values());
    // What was not meant is still in state under its former name.
    const names = new Set(
      program.flatMap(({ name, aliases }) => (this.state.get(name) === undefined ? [name, ...aliases] : [name])),
    );
    const removed = this.state.resources.filter(({ name, isOld }) => !names.has(name) && !isOld);
    if (refresh && runProgram) {
      await Promise.all(removed.filter(this.isMeant).map((stored) => this.readBack(stored)));
    }
    if (!this.dryRun) {
      await this.deleteAll(this.state.resources.filter(({ name, isOld }) => isOld || !names.has(name)));
    }
  }

  /** Reads what is in state, side by side; what is gone is dropped, also where another read throws. */
  async refresh(): Promise<void> {
    await Promise.all(this.state.resources.filter(this.isMeant).map((stored) => this.readBack(stored)));
  }

  async destroy(): Promise<void> {
    if (this.flags.refresh) {
      await this.refresh();
    }
    const meant = this.state.resources.filter(this.isMeant);
    const held = this.state.resources.filter((one) => !meant.includes(one)).flatMap(({ dependsOn }) => dependsOn);
    if (this.flags.targets !== undefined && meant.some(({ name }) => held.includes(name))) {
      this.fail("engine", meant[0]?.name ?? "", "a resource that is not a target depends on a target");
      return;
    }
    await this.deleteAll(meant);
  }

  private readonly isMeant = (one: { readonly name: string }): boolean => isMeant(this.flags, one);

  private async register(
    declared: Declared,
    ids: ReadonlyMap<string, Promise<string | undefined>>,
  ): Promise<string | undefined> {
    const known = new Map<string, string>();
    for (const name of declared.dependsOn) {
      const id = await ids.get(name);
      if (id === undefined) {
        // What a failure has left undone is no failure of its own: the program waits for an output that never comes.
        if (this.isMeant(declared) && this.failures.length === 0) {
          this.fail("engine", declared.name, `${name}, on which it depends, is not there`);
        }
        return undefined;
      }
      known.set(name, id);
    }
    const turn = this.deciding.then(() => this.decide(declared, known));
    this.deciding = turn;
    return turn.then((begun) => begun?.());
  }

  /** Decides on a step and answers how it is carried out, which gives the resource's id. */
  private async decide(
    declared: Declared,
    ids: Map<string, string>,
  ): Promise<(() => Promise<string | undefined>) | undefined> {
    const { name, kind, provider, aliases, dependsOn } = declared;
    if (this.failures.length > 0) {
      return undefined;
    }
    let old = this.state.get(name);
    const former = aliases.flatMap((alias) => this.state.get(alias) ?? []).find((one) => one.kind === kind);
    if (!this.isMeant(declared)) {
      const stays = old ?? former;
      return stays !== undefined && stays.provider !== provider
        ? this.fail("engine", name, "a change of providers mixed with --target")
        : async () => stays?.id;
    }
    if (old === undefined && former !== undefined) {
      old = this.state.replace(former, { name });
    }
    const lifecycle = this.provider(provider)[kind];
    const given = plain({ ...declared.inputs(ids), __provider: PROVIDER });
    if (old !== undefined && this.flags.refresh && this.flags.runProgram) {
      old = await this.readBack(old);
    }
    const step = await this.step(declared, lifecycle, given, old);
    if (step === undefined) {
      return undefined;
    }
    this.decided.set(name, step);
    const { op, inputs } = step;
    const isNew = old === undefined || op === "create" || op === "replace";
    if (this.dryRun) {
      return async () => (isNew ? UNKNOWN : old?.id);
    }
    return async () => {
      if (op === "same" && old !== undefined) {
        return this.state.replace(old, { inputs, provider, dependsOn }).id;
      }
      if (old !== undefined && op === "replace" && kind !== "certificate" && !(await this.deleteOne(old))) {
        return undefined;
      }
      const made = await this.attempt(isNew ? "create" : "update", name, () =>
        write(lifecycle, inputs, isNew ? undefined : old),
      );
      if (made === undefined) {
        return undefined;
      }
      if (old !== undefined && op === "update") {
        this.state.remove(old);
      } else if (old !== undefined && kind === "certificate") {
        this.state.replace(old, { isOld: true });
      }
      const { failed, ...kept } = made;
      this.state.add({ kind, name, provider, dependsOn, inputs, ...kept, ...(failed && { isPartial: true }) });
      return failed === undefined ? kept.id : this.fail("update", name, failed);
    };
  }

  private async step(
    declared: Declared,
    lifecycle: Lifecycle,
    given: Properties,
    old: Stored | undefined,
  ): Promise<Decided | undefined> {
    const { name } = declared;
    const again = this.flags.replace?.includes(name) ?? false;
    const inputs = await this.check(name, lifecycle, old === undefined || again ? {} : old.inputs, given);
    if (inputs === undefined || old === undefined || again) {
      return inputs && { op: old === undefined ? "create" : "replace", inputs };
    }
    const diff = await this.attempt("diff", name, () => lifecycle.diff(old.id, plain(old.outputs), plain(inputs)));
    if (diff === undefined) {
      return undefined;
    }
    if (diff.changes && (diff.replaces ?? []).length > 0) {
      const second = await this.check(name, lifecycle, {}, given);
      return second && { op: "replace", inputs: second };
    }
    return { op: diff.changes || old.isPartial ? "update" : "same", inputs };
  }

  private async check(
    name: string,
    lifecycle: Lifecycle,
    olds: Properties,
    news: Properties,
  ): Promise<Properties | undefined> {
    const answer = await this.attempt("check", name, () => lifecycle.check(plain(olds), plain(news)));
    for (const { reason } of answer?.failures ?? []) {
      this.fail("check", name, reason);
    }
    return answer === undefined || answer.failures.length > 0
      ? undefined
      : { ...struct(answer.inputs), __provider: PROVIDER };
  }

  private async readBack(stored: Stored): Promise<Stored | undefined> {
    const { id, name, kind, provider, inputs: before } = stored;
    const lifecycle = this.provider(provider)[kind];
    const read = await this.attempt("read", name, () => lifecycle.read(id, plain(stored.outputs)));
    if (read === undefined) {
      return stored;
    }
    if (read.id === undefined) {
      this.state.remove(stored);
      return undefined;
    }
    const outputs = { ...struct(read.props ?? {}), __provider: PROVIDER };
    await this.attempt("diff", name, () => lifecycle.diff(id, plain(outputs), plain(before)));
    return this.state.replace(stored, { outputs, inputs: { ...struct(read.inputs ?? before), __provider: PROVIDER } });
  }

  /** Dependents first, all that do not depend on each other at once; nothing further once one has failed. */
  private async deleteAll(condemned: readonly Stored[]): Promise<void> {
    const { excludes } = this.flags;
    const kept = this.state.resources.filter((one) => !condemned.includes(one)).flatMap(({ dependsOn }) => dependsOn);
    let left = condemned.filter(
      (one) => this.isMeant(one) && (one.isOld ? excludes === undefined : !kept.includes(one.name)),
    );
    while (left.length > 0 && this.failures.length === 0) {
      const needed = new Set(left.flatMap(({ dependsOn }) => dependsOn));
      const now = left.filter(({ name }) => !needed.has(name));
      await Promise.all(now.map((stored) => this.deleteOne(stored)));
      left = left.filter((stored) => !now.includes(stored));
    }
  }

  private async deleteOne(stored: Stored): Promise<boolean> {
    const { id, name, kind, provider, outputs } = stored;
    const done = await this.attempt("delete", name, async () => {
      await this.provider(provider)[kind].delete(id, plain(outputs));
      return true;
    });
    if (done) {
      this.state.remove(stored);
    }
    return done === true;
  }

  private fail(phase: Failure["phase"], name: string, text: string): undefined {
    this.failures.push({ phase, name, text });
  }

  private async attempt<T>(phase: Failure["phase"], name: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      return this.fail(phase, name, error instanceof ProviderError ? error.message : String((error as Error).stack));
    }
  }
}
