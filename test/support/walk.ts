import { type Emulator, type EmulatorOptions, startEmulator, writes } from "../../emulator";
import { DEFAULT_ORGANIZATION } from "../../emulator/options";
import type { Order } from "./operate";
import type { Declared } from "./program";
import { type Ended, mustSucceed, type StackOptions, TestStack } from "./stack";

const KEY = "sk-admin-local-walk";
/** An organization that no walk begins in, and its key. */
export const OTHER = "other";
export const OTHER_KEY = "sk-admin-local-other";

export type Operation = "up" | "preview" | "refresh" | "destroy";

/** How an operation ended, and what it wrote to the API. */
export interface Step extends Ended {
  /** `POST /activate` and the like, in their order, ids left out; the organization's path is left out, too. */
  readonly wrote: readonly string[];
}

/** One stack and one organization that tests walk through several operations. */
export class Walk {
  private constructor(
    readonly emulator: Emulator,
    readonly stack: TestStack,
  ) {}

  static async begin(emulator: Partial<EmulatorOptions> = {}, stack: Partial<StackOptions> = {}): Promise<Walk> {
    const started = await startEmulator({ adminKey: { [DEFAULT_ORGANIZATION]: KEY, [OTHER]: OTHER_KEY }, ...emulator });
    const env = { OPENAI_ADMIN_KEY: KEY, OPENAI_BASE_URL: started.url, ...stack.env };
    return new Walk(started, new TestStack({ ...stack, env }));
  }

  async end(): Promise<void> {
    this.stack.remove();
    await this.emulator.close();
  }

  /** One operation, however it ends. */
  async try(operation: Operation, declared: Declared = {}, more: Partial<Order> = {}): Promise<Step> {
    this.emulator.requests.length = 0;
    const ended = await this.stack.operate(operation, declared, more);
    return { ...ended, wrote: this.wrote() };
  }

  /** One operation that must end well. */
  async go(operation: Operation, declared: Declared = {}, more: Partial<Order> = {}): Promise<Step> {
    const step = await this.try(operation, declared, more);
    mustSucceed(step);
    return step;
  }

  get organization() {
    return this.emulator.organization();
  }

  /** A certificate's id by its name, which no other has. */
  id(name: string): string {
    const found = this.organization.certificates().filter((one) => one.name === name);
    if (found.length !== 1) {
      throw new Error(`${found.length} certificates have the name ${name}`);
    }
    return found[0]!.id;
  }

  /** A project's id by its name. */
  project(name: string): string {
    return this.organization.projects().find((one) => one.name === name)?.id ?? "";
  }

  /** Names of all certificates, sorted. */
  names(): (string | null)[] {
    return this.organization
      .certificates()
      .map(({ name }) => name)
      .sort();
  }

  /** Names of the active ones, sorted. */
  active(projectId?: string): (string | null)[] {
    return this.organization
      .certificates()
      .filter((one) => (projectId === undefined ? one.active : one.activeProjects.includes(projectId)))
      .map(({ name }) => name)
      .sort();
  }

  private wrote(): string[] {
    return writes(this.emulator.requests).map(({ method, path }) =>
      `${method} ${path.replace("/organization/certificates", "").replace(/cert_\w+/, "{id}") || "/"}`.replace(
        "/organization/projects/",
        "/",
      ),
    );
  }
}
