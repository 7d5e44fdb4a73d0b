import fc from "fast-check";
import { type Dated, schedule, steps } from "../../../sdk/anchors/schedule";

const at = (moment: string) => new Date(moment);
const noon = (date: string) => at(`${date}T12:00:00Z`);
const rotation: Dated[] = [
  { key: "old", retireOn: "2027-02-01" },
  { key: "new", activateOn: "2027-01-15" },
];

describe("the schedule of a rotation by dates", () => {
  it.each([
    ["2027-01-14", ["old", "new"], ["old"]],
    ["2027-01-15", ["old", "new"], ["old", "new"]],
    ["2027-01-31", ["old", "new"], ["old", "new"]],
    ["2027-02-01", ["new"], ["new"]],
    ["2030-01-01", ["new"], ["new"]],
  ])("on %s uploads %j and activates %j", (today, declared, active) => {
    expect(schedule(rotation, noon(today))).toMatchObject({ today, declared, active });
  });

  it("turns at midnight in UTC", () => {
    expect(schedule(rotation, at("2027-01-14T23:59:59.999Z")).active).toEqual(["old"]);
    expect(schedule(rotation, at("2027-01-15T00:00:00.000Z")).active).toEqual(["old", "new"]);
    expect(schedule(rotation, at("2027-01-15T01:00:00.000+02:00")).active).toEqual(["old"]);
  });

  it("keeps an anchor without dates active for good", () => {
    expect(schedule([{ key: "root" }], noon("2199-12-31"))).toEqual({
      today: "2199-12-31",
      declared: ["root"],
      active: ["root"],
      retired: [],
    });
  });

  it("tells the changes by date, with the set before and after", () => {
    const both = ["old", "new"];
    expect(steps(rotation)).toEqual([
      { on: "2027-01-15", before: ["old"], after: both },
      { on: "2027-02-01", before: both, after: ["new"] },
    ]);
    expect(schedule(rotation, noon("2027-02-02")).retired).toEqual(["old"]);
  });
});

describe("any schedule", () => {
  const date = fc
    .date({ min: at("2026-12-20"), max: at("2027-01-10"), noInvalidDate: true })
    .map((one) => one.toISOString().slice(0, 10));
  const anchors = fc
    .array(
      fc.record({ activateOn: fc.option(date, { nil: undefined }), retireOn: fc.option(date, { nil: undefined }) }),
    )
    .map((all) => all.map((dates, index): Dated => ({ key: `root-${index}`, ...dates })));

  it("activates only what is uploaded, and an anchor is uploaded until it retires and never again", () => {
    fc.assert(
      fc.property(anchors, date, date, (all, one, other) => {
        const [earlier = "", later = ""] = [one, other].sort();
        const before = schedule(all, noon(earlier));
        const after = schedule(all, noon(later));
        for (const { declared, active, retired } of [before, after]) {
          expect(declared).toEqual(expect.arrayContaining(active));
          expect([...declared, ...retired].sort()).toEqual(all.map(({ key }) => key).sort());
        }
        expect(before.declared).toEqual(expect.arrayContaining(after.declared));
        expect(after.active).toEqual(
          expect.arrayContaining(before.active.filter((key) => after.declared.includes(key))),
        );
      }),
    );
  });

  it("reaches the set of a day by the changes before it", () => {
    fc.assert(
      fc.property(anchors, date, (all, today) => {
        const last = steps(all)
          .filter(({ on }) => on <= today)
          .at(-1);
        const expected = last?.after ?? schedule(all, noon("2026-01-01")).active;
        expect(schedule(all, noon(today)).active).toEqual(expected);
      }),
    );
  });
});
