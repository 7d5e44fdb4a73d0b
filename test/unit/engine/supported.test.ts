import { parseVersion, refuseVersion } from "../../../tools/engine/supported";

describe("the version of a Pulumi CLI", () => {
  test.each([
    ["v3.230.0\n", "3.230.0"],
    ["v3.231.0-alpha.x1b2+dirty\n", "3.231.0-alpha.x1b2"],
    ["some wrapper's greeting\r\nv3.220.1\r\n", "3.220.1"],
  ])("is read from %j", (answer, expected) => {
    expect(parseVersion(answer)).toBe(expected);
  });

  test.each(["", "3.230", "pulumi", "v3.x.0", "the version is 3.230.0"])("is not read from %j", (answer) => {
    expect(parseVersion(answer)).toBeUndefined();
  });

  test.each(["3.216.0", "3.216.1", "3.1000.0", "3.300.0-dev.1"])("%s fits", (version) => {
    expect(refuseVersion(version)).toBeUndefined();
  });

  test.each(["3.215.9", "3.216.0-rc.1", "2.300.0", "4.0.0", "4.0.0-alpha.1"])("%s is refused", (version) => {
    expect(refuseVersion(version)).toBe(`is version ${version}, and >=3.216.0 <4 is needed`);
  });
});
