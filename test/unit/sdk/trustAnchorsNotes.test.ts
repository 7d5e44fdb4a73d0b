import { createAuthority } from "../../../emulator";
import { type Notes, type NotesOptions, notes } from "../../../sdk/anchors/notes";
import { readAnchors } from "../../../sdk/anchors/read";
import { schedule } from "../../../sdk/anchors/schedule";
import { realAnchors } from "../../support/anchors";

const [first = "", second = ""] = realAnchors(2);

/** What is said on a day of two anchors with these dates. */
function said(today: string, one: object, other: object, more: Partial<NotesOptions> = {}): Notes {
  const { anchors } = readAnchors("org", {
    a: { certificate: first, ...one },
    b: { certificate: second, ...other },
  });
  const options = { othersMayBeActive: false, allowEmpty: false, ...more };
  return notes(anchors, schedule(anchors, new Date(`${today}T09:00:00Z`)), options);
}

describe("what a program says of the dates of its anchors", () => {
  it("says nothing where there are none", () => {
    expect(said("2027-01-01", {}, {})).toEqual({ info: undefined, warnings: [] });
  });

  it("tells each coming change with its day, because no preview shows it before", () => {
    const { info, warnings } = said("2027-01-01", { retireOn: "2027-02-01" }, { activateOn: "2027-01-15" });
    expect(info).toBe(
      [
        "by its dates (today is 2027-01-01, UTC):",
        '  on 2027-01-15 "b" is activated',
        '  on 2027-02-01 "a" is deactivated and deleted',
      ].join("\n"),
    );
    expect(warnings).toEqual([]);
    // On its day a change is in the preview itself.
    expect(said("2027-01-15", { retireOn: "2027-02-01" }, { activateOn: "2027-01-15" }).info).not.toMatch(/"b"/);
  });

  it("tells what has retired, so that somebody cleans up", () => {
    expect(said("2027-03-01", { retireOn: "2027-02-01" }, {}).info).toMatch(
      /retired: "a"; what declares it can be removed/,
    );
  });

  it("warns long before of a time in which nothing would be active, and while it lasts, not after", () => {
    const dates = [{ retireOn: "2027-02-01" }, { activateOn: "2027-02-10" }] as const;
    for (const today of ["2026-06-01", "2027-02-01", "2027-02-09"]) {
      expect(said(today, ...dates).warnings).toEqual([
        expect.stringMatching(/^from 2027-02-01 to 2027-02-10 no anchor is active .* the activation refuses it/),
      ]);
    }
    expect(said("2027-02-10", ...dates).warnings).toEqual([]);
    expect(said("2026-06-01", { retireOn: "2027-02-01" }, { retireOn: "2027-03-01" }).warnings).toEqual([
      expect.stringMatching(/^from 2027-03-01 on no anchor is active/),
    ]);
  });

  it("does not take the time before the first activation for one in which enforcement was lost", () => {
    expect(said("2026-06-01", { activateOn: "2027-01-01" }, { activateOn: "2027-02-01" }).warnings).toEqual([]);
  });

  it("warns of a rotation without overlap until its day is over", () => {
    const dates = [{ retireOn: "2027-02-01" }, { activateOn: "2027-02-01" }] as const;
    for (const today of ["2026-06-01", "2027-02-01"]) {
      expect(said(today, ...dates).warnings).toEqual([
        expect.stringMatching(/^on 2027-02-01 the whole active set is exchanged at once \("a" for "b"\)/),
      ]);
    }
    expect(said("2027-02-02", ...dates).warnings).toEqual([]);
  });

  it("says nothing of the whole set where others may be active, or where it may be empty", () => {
    const gap = [{ retireOn: "2027-02-01" }, { retireOn: "2027-02-01" }] as const;
    expect(said("2026-06-01", ...gap).warnings).toHaveLength(1);
    expect(said("2026-06-01", ...gap, { othersMayBeActive: true }).warnings).toEqual([]);
    expect(said("2026-06-01", ...gap, { allowEmpty: true }).warnings).toEqual([]);
  });

  it("warns of an anchor that expires before it retires", async () => {
    const { certificate } = await createAuthority({ notAfter: new Date("2031-05-01T00:00:00Z") });
    const dates = { certificate, retireOn: "2031-06-01" };
    expect(said("2027-01-01", dates, {}).warnings).toEqual([
      'anchors["a"] expires on 2031-05-01, before its retireOn 2031-06-01: its clients are refused in between',
    ]);
    expect(said("2031-07-01", dates, {}).warnings).toEqual([]);
  });
});
