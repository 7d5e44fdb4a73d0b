import { type RecordedRequest, writes } from "../../../emulator";
import type { PlayedStack, Scene, Upload } from "./scene";
import { type ScopeBefore, scopeBefore } from "./scopeBefore";
import { ToggleRules, toggleOf } from "./toggleRules";
import type { Observed } from "./watch";

/** Reads the emulator's log of one `up` once it is over, for what must not be in it. */
export class LogWatch implements Observed {
  readonly violations: string[] = [];
  uploads: readonly Upload[] = [];
  readonly activated = new Map<string | undefined, Set<string>>();
  writes = 0;
  private readonly scopes: ReadonlyMap<string | undefined, ScopeBefore>;
  readonly own: ReadonlySet<string>;

  /** Takes down how everything is; call before the run. */
  constructor(
    private readonly scene: Scene,
    stack: PlayedStack,
  ) {
    scene.sync();
    this.own = new Set(stack.state.resources.map(({ id }) => id));
    this.scopes = new Map(stack.program.activations.map((spec) => [spec.projectId, scopeBefore(scene, stack, spec)]));
  }

  before(projectId: string | undefined): ScopeBefore {
    return this.scopes.get(projectId) as ScopeBefore;
  }

  /** Reads the run's requests. */
  read(requests: readonly RecordedRequest[]): void {
    const { appeared, vanished } = this.scene.sync();
    this.uploads = appeared;
    const foreign = vanished.filter((id) => !this.own.has(id));
    this.violations.push(...foreign.map((id) => `${id} was deleted, which is not this stack's`));
    const rules = new Map([...this.scopes].map(([projectId, before]) => [projectId, new ToggleRules(before)]));
    const written = writes(requests);
    this.writes = written.length;
    for (const toggle of written.flatMap(({ path, body }) => toggleOf(path, body) ?? [])) {
      const { projectId, activates, ids } = toggle;
      if (activates) {
        this.activated.set(projectId, new Set([...(this.activated.get(projectId) ?? []), ...ids]));
      }
      this.violations.push(...(rules.get(projectId)?.see(toggle) ?? []));
    }
  }
}
