import { SharedList, Writes } from "../../../provider/sharedList";

/** A walk of the list: when it began, counted in events, and the means to end it. */
interface Walk {
  readonly began: number;
  end(): void;
  fail(): void;
}

/** A list whose walks and writes begin and end when the test says so. Its items are the moment a walk began. */
class World {
  readonly walks: Walk[] = [];
  readonly writes = new Writes();
  time = 0;
  now = 0;
  readonly list = new SharedList<number>(
    () =>
      new Promise((resolve, reject) => {
        const began = this.time;
        this.walks.push({ began, end: () => resolve([began]), fail: () => reject(new Error("down")) });
      }),
    this.writes,
    () => this.now,
  );
  private readonly underWay: { ids: string[]; end: () => void; done: Promise<void> }[] = [];
  /** When the last write ended, of all and by id. */
  private readonly ended = new Map<string, number>();

  begin(ids: string[]): void {
    let end = () => {};
    const work = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.underWay.push({ ids, end, done: this.writes.during(ids, () => work) });
  }

  /** Ends the write that has been under way the longest. */
  async end(): Promise<void> {
    const write = this.underWay.shift();
    if (write === undefined) {
      return;
    }
    write.end();
    await write.done;
    for (const id of ["", ...write.ids]) {
      this.ended.set(id, this.time);
    }
  }

  /** The moment of the last write that a look concerns; all of them without an id. */
  lastEnd(id = ""): number {
    return this.ended.get(id) ?? -1;
  }
}

const LONG = { maxAgeMs: 1000 };

/** Looks and answers the moment at which the walk that served it began. */
async function look(
  world: World,
  options: { maxAgeMs: number; concerning?: string } = LONG,
): Promise<number | undefined> {
  const items = world.list.look(options);
  for (const walk of world.walks) {
    walk.end();
  }
  return (await items)[0];
}

describe("a shared list", () => {
  it("is walked once for all who ask at the same time, and after", async () => {
    const world = new World();
    const looks = [world.list.look(LONG), world.list.look(LONG), world.list.look({ ...LONG, concerning: "a" })];
    expect(world.walks).toHaveLength(1);
    world.walks[0]?.end();
    expect(await Promise.all(looks)).toEqual([[0], [0], [0]]);
    await look(world);
    expect(world.walks).toHaveLength(1);
  });

  it("is walked again when it is older than allowed, counted from the walk's beginning", async () => {
    const world = new World();
    await look(world);
    world.now = 1000;
    await look(world);
    expect(world.walks).toHaveLength(1);
    world.now = 1001;
    await look(world);
    expect(world.walks).toHaveLength(2);
  });

  it("is walked anew for whoever allows no age, also where the clock was set back", async () => {
    const world = new World();
    world.now = 5000;
    await look(world);
    await look(world, { maxAgeMs: -1 });
    world.now = 0;
    await look(world, { maxAgeMs: -1 });
    await look(world, { maxAgeMs: Number.POSITIVE_INFINITY });
    expect(world.walks).toHaveLength(3);
    world.now = -1;
    await look(world);
    expect(world.walks).toHaveLength(4);
  });

  it("that failed is told to those who waited for it, and walked again for the next", async () => {
    const world = new World();
    const looks = [world.list.look(LONG), world.list.look(LONG)];
    world.walks[0]?.fail();
    for (const result of await Promise.allSettled(looks)) {
      expect(result).toMatchObject({ status: "rejected", reason: { message: "down" } });
    }
    await look(world);
    expect(world.walks).toHaveLength(2);
  });

  it("keeps a newer walk when an older one fails", async () => {
    const world = new World();
    const old = world.list.look(LONG);
    const fresh = world.list.look({ maxAgeMs: -1 });
    world.walks[0]?.fail();
    await expect(old).rejects.toThrow("down");
    world.walks[1]?.end();
    await fresh;
    await look(world);
    expect(world.walks).toHaveLength(2);
  });

  it("outlives the writes to others for who asks after one certificate", async () => {
    const world = new World();
    await look(world);
    world.begin(["b"]);
    await look(world, { ...LONG, concerning: "a" });
    await world.end();
    await look(world, { ...LONG, concerning: "a" });
    expect(world.walks).toHaveLength(1);
    await look(world, { ...LONG, concerning: "b" });
    expect(world.walks).toHaveLength(2);
  });

  it("is walked anew for who asks after a certificate that is being written to", async () => {
    const world = new World();
    world.begin(["a"]);
    await look(world, { ...LONG, concerning: "a" });
    await look(world, { ...LONG, concerning: "a" });
    expect(world.walks).toHaveLength(2);
    await look(world, { ...LONG, concerning: "b" });
    expect(world.walks).toHaveLength(2);
  });

  it("counts a write that failed like any other: it may have been carried out", async () => {
    const world = new World();
    await look(world);
    await expect(world.writes.during(["a"], () => Promise.reject(new Error("lost")))).rejects.toThrow("lost");
    await look(world);
    await look(world, { ...LONG, concerning: "a" });
    expect(world.walks).toHaveLength(2);
    expect(world.writes.idle).toBe(true);
    expect(world.writes.touching("a")).toBe(false);
  });

  // Every order of six events: looks at all and at one certificate, writes to it, to another and to none, their ends.
  it("is never served from a walk that began before a write it tells of had ended, in any order of events", async () => {
    const events: Record<string, (world: World) => Promise<void> | void> = {
      look: (world) => expectTruth(world),
      lookAtA: (world) => expectTruth(world, "a"),
      writeA: (world) => world.begin(["a"]),
      writeB: (world) => world.begin(["b"]),
      upload: (world) => world.begin([]),
      end: (world) => world.end(),
    };
    const names = Object.keys(events);
    let looks = 0;
    async function expectTruth(world: World, concerning?: string): Promise<void> {
      looks++;
      const options = concerning === undefined ? LONG : { ...LONG, concerning };
      expect(await look(world, options)).toBeGreaterThan(world.lastEnd(concerning));
    }
    for (let order = 0; order < names.length ** 6; order++) {
      const world = new World();
      for (let rest = order, step = 0; step < 6; step++, rest = Math.floor(rest / names.length)) {
        world.time++;
        await events[names[rest % names.length] ?? ""]?.(world);
      }
    }
    expect(looks).toBe(6 ** 6 * 2);
  });

  it("is not served to all from a walk that a write began or was under way in", async () => {
    const before = new World();
    await look(before);
    before.begin(["a"]);
    await look(before);
    expect(before.walks).toHaveLength(2);
    await look(before);
    expect(before.walks).toHaveLength(3);
    await before.end();
    await look(before);
    expect(before.walks).toHaveLength(4);
    await look(before);
    expect(before.walks).toHaveLength(4);
  });
});
