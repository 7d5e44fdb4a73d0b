import type { Driver, Ended, Order, Played } from "./driver";
import { among, beginNames, EDITS } from "./edits";
import type { Figures } from "./figures";
import { anchors } from "./material";
import type { Network } from "./network";
import { judge, judgeIdle } from "./oracle/judge";
import { ACTS, actByHand, freeFromUse, passDays } from "./people";
import { PLAIN_CERTIFICATE, PLAIN_SET, placeOf } from "./program";
import type { Random } from "./random";
import { sane } from "./sane";
import type { RunStep, Sequence, Step } from "./sequence";
import type { World } from "./world";

/** A sequence came out otherwise than promised. */
export class Finding extends Error {
  constructor(
    readonly problems: readonly string[],
    readonly trail: readonly string[],
  ) {
    super(`${trail.join("\n")}\n=> ${problems.join("\n=> ")}`);
    this.name = "Finding";
    this.stack = this.message;
  }
}

/** Where all is gone and the API does not say whose key it is, a person has to. */
const OPEN_QUESTION = /the API does not say which organization that is/;

/** Plays the steps of a sequence and judges every run. */
export class Player {
  readonly trail: string[] = [];

  /** What the last run deleted. */
  private deleted: readonly string[] = [];

  constructor(
    private readonly world: World,
    private readonly driver: Driver,
    private readonly network: Network,
    private readonly chance: Random,
    private readonly figures: Figures,
    private readonly header: boolean,
  ) {}

  async play({ certificates, byHand, steps }: Sequence): Promise<void> {
    this.begin(certificates, byHand);
    for (const step of steps) {
      await this.step(step);
      if (step.do !== "edit" && this.isTangled) {
        this.figures.tangled++;
        return;
      }
    }
    await this.converge();
  }

  /**
   * Whether only a person can sort it out: state speaks of two organizations, after a run with another one's key made
   * something new there; or two resources hold one certificate, because they claimed it in different runs or processes, or
   * one of these processes has just deleted it (the documentation asks for aliases, and for one provider).
   */
  private get isTangled(): boolean {
    const { state } = this.world;
    const stored = state.resources.filter(({ kind }) => kind === "certificate");
    const isTwice = stored.some(({ id, isOld, provider }, index) =>
      stored.slice(index + 1).some((other) => {
        // Within a provider, what is replaced is kept for its adopter.
        const isFree = (isOld || other.isOld) && provider === other.provider;
        return id === other.id && !isFree;
      }),
    );
    const isGone = stored.some(({ id, isOld }) => !isOld && this.deleted.includes(id));
    return isTwice || isGone || this.world.organization("empty").certificates().length > 0;
  }

  private begin(count: number, byHand: boolean): void {
    beginNames();
    const { world } = this;
    const names = Array.from({ length: count }, (_, index) => `root${index}`);
    if (byHand) {
      const upload = (name: string, index: number) => ({ name, certificate: anchors()[index]?.pem ?? "" });
      world.disturb("main", (person) =>
        person.activate(names.map((name, index) => person.upload(upload(name, index)))),
      );
    }
    const adopt = byHand ? { adopt: true as const } : {};
    world.program = {
      certificates: names.map((name, anchor) => ({ ...PLAIN_CERTIFICATE, name, anchor, label: name, ...adopt })),
      activations: [{ ...PLAIN_SET, name: "set", members: names }],
    };
    this.trail.push(`${count} certificates in one set${byHand ? ", active before" : ""}`);
  }

  private async step(step: Step): Promise<void> {
    const { world } = this;
    switch (step.do) {
      case "edit":
        world.program = EDITS[step.edit](world, step.a, step.b);
        this.trail.push(`edit: ${step.edit} ${JSON.stringify(world.program)}`);
        return;
      case "person":
        this.figures.foreignChanges++;
        this.trail.push(actByHand(world, step.act, step.place, step.a, step.b));
        return;
      case "days":
        this.trail.push(passDays(world, step.days, (ms) => this.network.advance(ms)));
        return;
      default:
        await this.run(orderOf(step, world, this.driver.canBeDisturbed));
    }
  }

  /** `up` as users run it: a preview in processes of its own, then the run. Whatever the preview said, the run is tried. */
  private async run(order: Order): Promise<Played> {
    const { operation, trouble, killAfter, disturbed } = order;
    const isPlain = Object.keys(trouble).length === 0 && killAfter === undefined && !disturbed;
    let preview: Ended | undefined;
    if (operation === "up" && isPlain) {
      preview = await this.once({ ...order, operation: "preview" }, undefined);
    }
    return this.once(order, preview);
  }

  private async once(order: Order, preview: Ended | undefined): Promise<Played> {
    const { world, figures } = this;
    const before = world.snapshot();
    const program = world.program;
    this.network.between = () => {
      if (order.disturbed && this.chance.next() < 0.1) {
        const [act, a, b] = [this.chance.pick(ACTS), this.chance.below(64), this.chance.below(64)];
        this.trail.push(`  ${actByHand(world, act, "main", a, b)}`);
      }
    };
    const ended = await this.driver.run(world, order);
    this.network.between = () => undefined;
    figures.count(order, ended);
    const told = ended.failures.map(({ phase, name, text }) => `\n    ${phase} of ${name}: ${text}`);
    const effects = ended.effects.map(
      ({ kind, place, project, id, name }) => `\n    ${kind} ${id} "${name}" in ${project ?? place}`,
    );
    this.trail.push(`${JSON.stringify(order)}: ${ended.how}${effects.join("")}${told.join("")}`);
    const played: Played = { ...ended, order, before, after: world.snapshot(), preview };
    this.deleted = ended.effects.filter(({ kind }) => kind === "delete").map(({ id }) => id);
    this.failIf(judge(played, { program, today: world.today, projects: world.projects, header: this.header }));
    return played;
  }

  /** Whatever has happened: the next `up` of a program that contradicts nothing gets through, and the one after it does nothing. */
  private async converge(): Promise<void> {
    const { world } = this;
    world.program = sane(world);
    this.trail.push(`made consistent: ${JSON.stringify(world.program)}`);
    const up: Order = { operation: "up", flags: {}, trouble: {}, wrongKey: false, disturbed: false };
    let played = await this.run(up);
    if (this.isTangled) {
      this.figures.tangled++;
      return;
    }
    for (
      let told = 0;
      told < 4 && played.failures.length > 0 && played.failures.every(({ phase }) => phase === "delete");
      told++
    ) {
      const ids = played.failures.flatMap(({ text }) => text.match(/cert_\w+/g) ?? []);
      this.trail.push(`the user ends the use of ${ids.join(", ")}`);
      freeFromUse(world, ids);
      played = await this.run(up);
    }
    if (!this.header && played.failures.length > 0 && played.failures.every(({ text }) => OPEN_QUESTION.test(text))) {
      this.figures.unanswered++;
      return;
    }
    this.failIf(played.how === "done" ? [] : ["the last up of a consistent program did not go through"]);
    if (hasDeletedTheSet(played)) {
      // A rename is a deletion, which deactivates what was told to; the documentation asks for an alias.
      await this.run(up);
    }
    this.failIf(judgeIdle(await this.run(up), world.program));
    await this.run({ ...up, operation: "refresh" });
    this.failIf(judgeIdle(await this.run(up), world.program));
  }

  private failIf(problems: readonly string[]): void {
    if (problems.length > 0) {
      throw new Finding(problems, this.trail);
    }
  }
}

function hasDeletedTheSet({ before, after }: Played): boolean {
  return before.state.some(
    ({ kind, name, inputs }) =>
      inputs["deactivateOnDelete"] === true && !after.state.some((one) => one.kind === kind && one.name === name),
  );
}

function orderOf(step: RunStep, world: World, canBeDisturbed: boolean): Order {
  const { do: operation, refresh, runProgram, only, among: bits, trouble, at } = step;
  const declared = world.declared().map(({ name }) => name);
  const removed = world.state.resources.map(({ name }) => name).filter((name) => !declared.includes(name));
  const all = [...new Set([...declared, ...removed])];
  const some = all.filter((_, index) => (bits >> (index % 6)) % 2 === 1);
  const chosen = some.length > 0 ? some : [among(all, bits) ?? ""];
  const isUp = operation === "up" || operation === "preview";
  const narrow = only === "all" || (only !== "targets" && !isUp) || all.length === 0 ? {} : { [only]: chosen };
  const flags = {
    ...(refresh && isUp && { refresh, runProgram }),
    ...(refresh && operation === "destroy" && { refresh }),
    ...narrow,
  };
  return {
    operation,
    flags,
    trouble: trouble === "faults" ? { rate: 0.25 } : trouble === "outage" ? { brokenFrom: at % 16 } : {},
    ...(trouble === "kill" && operation !== "preview" && { killAfter: at % 30 }),
    // Without state there is nothing yet that could tell.
    wrongKey: trouble === "wrongKey" && world.state.resources.some(({ inputs }) => placeOf(inputs) === "main"),
    disturbed: trouble === "disturbed" && canBeDisturbed,
  };
}
