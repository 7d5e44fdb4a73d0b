import type { ActivationSpec, CertificateSpec, Program } from "./program";
import type { Random } from "./random";
import type { PlayedStack, Scene } from "./scene";

/** Random edits of a stack's program, as its users would make them. */
export class Editor {
  private counter = 0;

  constructor(
    private readonly scene: Scene,
    private readonly chance: Random,
    /** The anchors that this stack may use, by index. */
    private readonly anchors: readonly number[],
    /** Whether its activations may be exclusive, or change to that. */
    private readonly mayBeExclusive: boolean,
  ) {}

  /** What a stack begins with. */
  first(adopt: boolean): Program {
    let program: Program = { certificates: new Map(), activations: [], adopt };
    const projectId = this.chance.pick([undefined, this.scene.organization.projects()[0]?.id]);
    const scopes = this.chance.pick([[undefined], [undefined], [projectId], [undefined, projectId]]);
    const activations = [...new Set(scopes)].map((scope) => ({
      name: `set-${this.counter++}`,
      projectId: scope,
      exclusive: this.mayBeExclusive && this.chance.chance(0.7),
      members: [],
      ignored: [],
    }));
    program = { ...program, activations };
    for (let count = this.chance.pick([1, 2, 3, 5, 8, this.anchors.length]); count > 0; count--) {
      program = this.add(program) ?? program;
    }
    return program;
  }

  /** Makes one edit and says which. */
  edit(stack: PlayedStack): string {
    const choice = this.chance.weighted({
      add: 4,
      drop: 3,
      label: 2,
      rotate: 4,
      members: 4,
      scope: 2,
      rename: 1,
      mode: 1,
      ignore: 4,
    });
    const edited = this[choice](stack.program);
    stack.program = edited ?? stack.program;
    return edited === undefined ? `${choice}: nothing to do` : choice;
  }

  private add(program: Program): Program | undefined {
    const anchor = this.freeAnchor(program);
    if (anchor === undefined) {
      return undefined;
    }
    const name = `root-${this.counter++}`;
    const twin = [...program.certificates.values()].find((spec) => spec.anchor === anchor);
    const label = this.chance.chance(0.5) ? (twin?.label ?? name) : this.chance.pick([name, "the same label"]);
    const certificates = new Map(program.certificates).set(name, { anchor, label });
    const activations = program.activations.map((spec) =>
      this.chance.chance(0.8) ? { ...spec, members: [...spec.members, name] } : spec,
    );
    return { ...program, certificates, activations };
  }

  private drop(program: Program): Program | undefined {
    const name = this.certificate(program);
    if (name === undefined) {
      return undefined;
    }
    const certificates = new Map(program.certificates);
    certificates.delete(name);
    const without = (spec: ActivationSpec) => ({ ...spec, members: spec.members.filter((member) => member !== name) });
    return { ...program, certificates, activations: program.activations.map(without) };
  }

  private label(program: Program): Program | undefined {
    return this.change(program, (spec) => ({ ...spec, label: `label ${this.counter++}` }));
  }

  private rotate(program: Program): Program | undefined {
    const anchor = this.freeAnchor(program);
    return anchor === undefined ? undefined : this.change(program, (spec) => ({ ...spec, anchor }));
  }

  private members(program: Program): Program | undefined {
    return this.activation(program, (spec) => ({
      ...spec,
      members: [...program.certificates.keys()].filter(() => this.chance.chance(0.7)),
    }));
  }

  /** An activation more, or less. */
  private scope(program: Program): Program {
    const projectId = this.chance.pick([undefined, this.scene.organization.projects()[0]?.id]);
    const others = program.activations.filter((spec) => spec.projectId !== projectId);
    if (others.length < program.activations.length && others.length > 0) {
      return { ...program, activations: others };
    }
    const members = [...program.certificates.keys()].filter(() => this.chance.chance(0.7));
    const added = { name: `set-${this.counter++}`, projectId, exclusive: this.mayBeExclusive, members, ignored: [] };
    return { ...program, activations: [...others, added] };
  }

  private rename(program: Program): Program | undefined {
    return this.activation(program, (spec) => ({ ...spec, name: `set-${this.counter++}` }));
  }

  private mode(program: Program): Program | undefined {
    return this.mayBeExclusive
      ? this.activation(program, (spec) => ({ ...spec, exclusive: !spec.exclusive }))
      : undefined;
  }

  private ignore(program: Program): Program | undefined {
    const foreign = this.scene.foreign();
    return this.activation(program, (spec) => ({ ...spec, ignored: foreign.filter(() => this.chance.chance(0.8)) }));
  }

  private change(program: Program, change: (spec: CertificateSpec) => CertificateSpec): Program | undefined {
    const name = this.certificate(program);
    const spec = program.certificates.get(name ?? "");
    return name === undefined || spec === undefined
      ? undefined
      : { ...program, certificates: new Map(program.certificates).set(name, change(spec)) };
  }

  private activation(program: Program, change: (spec: ActivationSpec) => ActivationSpec): Program | undefined {
    if (program.activations.length === 0) {
      return undefined;
    }
    const chosen = this.chance.pick(program.activations);
    return { ...program, activations: program.activations.map((spec) => (spec === chosen ? change(spec) : spec)) };
  }

  private certificate(program: Program): string | undefined {
    return program.certificates.size === 0 ? undefined : this.chance.pick([...program.certificates.keys()]);
  }

  /** An anchor that no certificate of the program holds; without `adopt`, sometimes one that is held already. */
  private freeAnchor(program: Program): number | undefined {
    const used = new Set([...program.certificates.values()].map(({ anchor }) => anchor));
    const twice = !program.adopt && this.chance.chance(0.2);
    const free = this.anchors.filter((anchor) => twice || !used.has(anchor));
    return free.length === 0 ? undefined : this.chance.pick(free);
  }
}
