import type { Request } from "../../../provider/api/transport";
import type { ActivationSpec } from "./program";
import type { Operation, SimulatedStack, World } from "./world";

export interface Upload {
  readonly id: string;
  readonly fingerprint: string;
  readonly name: string | null;
}

interface ScopeBefore {
  readonly live: ReadonlySet<string>;
  /** Live before, and wanted afterwards: at no moment may one of these be inactive. */
  readonly kept: readonly string[];
  /** What this stack answered for. */
  readonly managed: ReadonlySet<string>;
  readonly spec: ActivationSpec;
  deactivated: boolean;
}

/** Looks at the organization after every request of one run, for what must never be, not even for a moment. */
export class Watch {
  readonly violations: string[] = [];
  /** What this run has uploaded, however its answers fared. */
  readonly uploads: Upload[] = [];
  writes = 0;
  private readonly scopes = new Map<string | undefined, ScopeBefore>();
  private readonly own: ReadonlySet<string>;
  private readonly disturbances: number;

  constructor(
    private readonly world: World,
    private readonly stack: SimulatedStack,
    private readonly operation: Operation,
  ) {
    this.own = new Set(stack.state.resources.map(({ id }) => id));
    this.disturbances = world.disturbances;
    for (const spec of operation === "up" ? stack.program.activations : []) {
      this.scopes.set(spec.projectId, this.scopeBefore(spec));
    }
  }

  /** Whether somebody else changed something meanwhile. */
  get disturbed(): boolean {
    return this.world.disturbances > this.disturbances;
  }

  before(projectId: string | undefined): ScopeBefore {
    return this.scopes.get(projectId) as ScopeBefore;
  }

  after({ method, url }: Request): void {
    const { appeared, vanished } = this.world.sync();
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
    const toggle = /(?:projects\/([^/]+)\/)?certificates\/(activate|deactivate)$/.exec(url);
    if (toggle !== null) {
      this.afterToggle(toggle[1], toggle[2] === "activate");
    }
  }

  private afterToggle(projectId: string | undefined, activated: boolean): void {
    const scope = this.scopes.get(projectId);
    if (scope === undefined || this.disturbed) {
      return;
    }
    const where = projectId ?? "the organization";
    const live = this.world.live(projectId);
    for (const id of scope.kept.filter((one) => !live.has(one))) {
      this.violations.push(
        `${id} was for a moment not active in ${where}, though it was before and shall be afterwards`,
      );
    }
    if (live.size === 0 && scope.live.size > 0 && scope.spec.members.length > 0) {
      this.violations.push(`nothing was active in ${where} for a moment`);
    }
    if (activated && scope.deactivated) {
      this.violations.push(`an activation in ${where} came after a deactivation`);
    }
    scope.deactivated ||= !activated;
  }

  private scopeBefore(spec: ActivationSpec): ScopeBefore {
    const { state, program } = this.stack;
    const live = this.world.live(spec.projectId);
    const kept = spec.members.flatMap((member) => {
      const stored = state.get(member);
      const wanted = program.certificates.get(member);
      const same = stored?.outputs["fingerprint"] === this.world.anchor(wanted?.anchor ?? -1)?.fingerprint;
      return stored !== undefined && same && live.has(stored.id) ? [stored.id] : [];
    });
    const kind = spec.projectId === undefined ? "activation" : "project";
    const managed = state.resources
      .filter((one) => one.kind === kind)
      .flatMap(({ outputs }) => outputs["certificateIds"] as string[]);
    return { live, kept, managed: new Set(managed), spec, deactivated: false };
  }
}
