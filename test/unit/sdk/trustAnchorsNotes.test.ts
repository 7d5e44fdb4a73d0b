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
  const options = { activates: true, othersMayBeActive: false, allowEmpty: false, ...more };
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
        "dates of the trust anchors (today is 2027-01-01, UTC):",
        '  on 2027-01-15 "b" is activated',
        '  on 2027-02-01 "a" is deactivated and deleted',
      ].join("\n"),
    );
    expect(warnings).toEqual([]);
  });

  it("tells for a week of a date that has come, so that nobody takes its change for drift", () => {
    const dates = [{ retireOn: "2027-02-01" }, { activateOn: "2027-01-15" }] as const;
    for (const today of ["2027-01-15", "2027-01-21"]) {
      expect(said(today, ...dates).info).toMatch(
        /^ {2}on 2027-01-15 "b" is activated: that date has come, so this change is not drift$/m,
      );
    }
    expect(said("2027-02-01", ...dates).info).toMatch(
      /^ {2}on 2027-02-01 "a" is deactivated and deleted: that date has come, so this change is not drift$/m,
    );
    expect(said("2027-01-14", ...dates).info).not.toMatch(/has come/);
    expect(said("2027-01-22", ...dates).info).not.toMatch(/"b"/);
  });

  it("speaks of the list of active ids where the program activates the anchors, and not of the whole set", () => {
    const dates = [{ retireOn: "2027-02-01" }, { activateOn: "2027-02-01" }] as const;
    expect(said("2027-01-01", ...dates, { activates: false })).toEqual({
      info: expect.stringMatching(/"b" joins activeCertificateIds\n.*"a" leaves activeCertificateIds and is deleted$/),
      warnings: [],
    });
  });

  it("tells what has retired, so that somebody cleans up", () => {
    expect(said("2027-03-01", { retireOn: "2027-02-01" }, {}).info).toMatch(
      /"a" retired on 2027-02-01: remove anchors\["a"\] and its dates/,
    );
  });

  it("warns long before of a time in which nothing would be active, and while it lasts, not after", () => {
    const dates = [{ retireOn: "2027-02-01" }, { activateOn: "2027-02-10" }] as const;
    for (const today of ["2026-06-01", "2027-02-01", "2027-02-09"]) {
      expect(said(today, ...dates).warnings).toEqual([
        expect.stringMatching(
          /^from 2027-02-01 to 2027-02-10 these dates leave no anchor active\. .* the activation refuses it/,
        ),
      ]);
    }
    expect(said("2027-02-10", ...dates).warnings).toEqual([]);
    expect(said("2026-06-01", { retireOn: "2027-02-01" }, { retireOn: "2027-03-01" }).warnings).toEqual([
      expect.stringMatching(/^from 2027-03-01 on these dates leave no anchor active/),
    ]);
  });

  it("does not take the time before the first activation for one in which enforcement was lost", () => {
    expect(said("2026-06-01", { activateOn: "2027-01-01" }, { activateOn: "2027-02-01" }).warnings).toEqual([]);
  });

  it("warns of a rotation without overlap until its day is over", () => {
    const dates = [{ retireOn: "2027-02-01" }, { activateOn: "2027-02-01" }] as const;
    for (const today of ["2026-06-01", "2027-02-01"]) {
      expect(said(today, ...dates).warnings).toEqual([
        expect.stringMatching(/^on 2027-02-01 the whole active set is replaced at once \("a" by "b"\)/),
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
      'anchors["a"] expires on 2031-05-01, before its retireOn 2031-06-01: from its expiry on its clients are refused',
    ]);
    expect(said("2031-07-01", dates, {}).warnings).toEqual([]);
  });
});
