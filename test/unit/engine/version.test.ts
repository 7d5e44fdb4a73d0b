import {
  compareVersions,
  formatVersion,
  parseGoVersion,
  parseVersion,
  refuseVersion,
  type Version,
} from "../../../tools/engine/version";

const version = (text: string): Version => parseVersion(text)!;

describe("the version of a Pulumi CLI", () => {
  test.each([
    ["v3.230.0\n", "3.230.0"],
    ["3.216.0", "3.216.0"],
    ["v3.231.0-alpha.x1b2+dirty\n", "3.231.0-alpha.x1b2"],
    ["some wrapper's greeting\nv3.220.1\n", "3.220.1"],
  ])("is read from %j", (answer, expected) => {
    expect(formatVersion(version(answer))).toBe(expected);
  });

  test.each(["", "3.230", "pulumi", "v3.x.0", "the version is 3.230.0"])("is not read from %j", (answer) => {
    expect(parseVersion(answer)).toBeUndefined();
  });

  test("is ordered by its numbers, and a prerelease comes before its release", () => {
    const ordered = ["2.99.9", "3.9.10", "3.216.0-beta", "3.216.0", "3.216.1", "3.230.0", "4.0.0"];
    const shuffled = [...ordered].reverse().map(version);
    expect(shuffled.sort(compareVersions).map(formatVersion)).toEqual(ordered);
  });

  test.each(["3.216.0", "3.216.1", "3.230.0", "3.300.0-dev.1"])("%s fits", (text) => {
    expect(refuseVersion(version(text))).toBeUndefined();
  });

  test.each([
    ["3.215.9", "is version 3.215.9, and 3.216.0 or newer is needed"],
    ["3.216.0-rc.1", "is version 3.216.0-rc.1, and 3.216.0 or newer is needed"],
    ["2.300.0", "is version 2.300.0, and 3.216.0 or newer is needed"],
    ["4.0.0", "is version 4.0.0, and only major version 3 is supported"],
  ])("%s is refused with its reason", (text, reason) => {
    expect(refuseVersion(version(text))).toBe(reason);
  });
});

describe("the version of Go", () => {
  test.each([
    ["go1.26.8\n", "1.26.8"],
    ["go1.25", "1.25.0"],
    ["go1.26rc2", "1.26.0-rc2"],
    ["go1.25.3 X:boringcrypto", "1.25.3"],
  ])("is read from %j", (answer, expected) => {
    expect(formatVersion(parseGoVersion(answer)!)).toBe(expected);
  });

  test.each(["devel go1.27-abcdef", "", "1.25.0", "go1"])("is not read from %j", (answer) => {
    expect(parseGoVersion(answer)).toBeUndefined();
  });
});
