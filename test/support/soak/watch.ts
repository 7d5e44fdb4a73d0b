import type { Request } from "../../../provider/api/transport";
import type { PlayedStack, Scene, Upload } from "./scene";
import { type ScopeBefore, scopeBefore } from "./scopeBefore";
import { type Toggle, ToggleRules, toggleOf } from "./toggleRules";

export type Operation = "up" | "preview" | "refresh" | "destroy";

/** What was seen of one run from outside. */
export interface Observed {
  /** Ids in the stack's state before the run. */
  readonly own: ReadonlySet<string>;
  readonly violations: readonly string[];
  /** What this run has uploaded, however its answers fared. */
  readonly uploads: readonly Upload[];
  /** By scope's project, undefined for the organization: what this run has activated. */
  readonly activated: ReadonlyMap<string | undefined, ReadonlySet<string>>;
  readonly writes: number;
  before(projectId: string | undefined): ScopeBefore;
}

interface Watched {
  readonly before: ScopeBefore;
  readonly rules: ToggleRules;
  /** As of this run's last request. */
  live: ReadonlySet<string>;
}

/** Looks at the organization after every request of one run, for what must never be, not even for a moment. */
export class Watch implements Observed {
  readonly violations: string[] = [];
  readonly uploads: Upload[] = [];
  readonly activated = new Map<string | undefined, Set<string>>();
  writes = 0;
  private readonly scopes = new Map<string | undefined, Watched>();
  readonly own: ReadonlySet<string>;
  private readonly disturbances: number;

  constructor(
    private readonly scene: Scene,
    stack: PlayedStack,
    private readonly operation: Operation,
    /** Whether nothing goes wrong in this run, so that no request has to be made twice. */
    private readonly quiet: boolean,
  ) {
    this.own = new Set(stack.state.resources.map(({ id }) => id));
    this.disturbances = scene.disturbances;
    for (const spec of operation === "up" ? stack.program.activations : []) {
      const before = scopeBefore(scene, stack, spec);
      this.scopes.set(spec.projectId, { before, rules: new ToggleRules(before), live: before.live });
    }
  }

  /** Whether somebody else changed something meanwhile. */
  get disturbed(): boolean {
    return this.scene.disturbances > this.disturbances;
  }

  before(projectId: string | undefined): ScopeBefore {
    return (this.scopes.get(projectId) as Watched).before;
  }

  after({ method, url, body }: Request): void {
    const { appeared, vanished } = this.scene.sync();
    this.uploads.push(...appeared);
    for (const id of vanished) {
      if (!this.own.has(id) && !this.uploads.some((upload) => upload.id === id)) {
        this.violations.push(`${id} was deleted, which is not this stack's`);
      }
    }
    if (method === "GET") {
      return;
    }
    this.writes++;
    if (this.operation === "preview" || this.operation === "refresh") {
      this.violations.push(`${this.operation} wrote: ${method} ${url}`);
    }
    const toggle = toggleOf(url, body);
    if (toggle !== undefined) {
      this.afterToggle(toggle);
    }
  }

  private afterToggle(toggle: Toggle): void {
    const { projectId, activates, ids } = toggle;
    if (activates) {
      this.activated.set(projectId, new Set([...(this.activated.get(projectId) ?? []), ...ids]));
    }
    const scope = this.scopes.get(projectId);
    if (scope === undefined || this.disturbed) {
      return;
    }
    const where = projectId ?? "the organization";
    const { kept, live: atFirst, spec } = scope.before;
    const live = this.scene.live(projectId);
    this.violations.push(...scope.rules.see(toggle));
    for (const id of kept.filter((one) => !live.has(one))) {
      this.violations.push(
        `${id} was for a moment not active in ${where}, though it was before and shall be afterwards`,
      );
    }
    if (live.size === 0 && atFirst.size > 0 && spec.members.length > 0) {
      this.violations.push(`nothing was active in ${where} for a moment`);
    }
    const idle = ids.filter((id) => scope.live.has(id) === activates);
    if (this.quiet && idle.length > 0) {
      this.violations.push(`${idle.join(", ")} was ${activates ? "" : "not "}active in ${where} already`);
    }
    scope.live = live;
  }
}
