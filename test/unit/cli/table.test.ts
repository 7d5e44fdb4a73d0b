import fc from "fast-check";
import { buildReport } from "../../../cli/report/build";
import { widthOf, wrapped } from "../../../cli/report/columns";
import { renderTable } from "../../../cli/report/table";
import { ACTING, anyName } from "./hostile";
import { anchorPem, certificate, NOW, observation, project } from "./observations";

const PLAIN = { width: 100, color: false };
// biome-ignore lint/suspicious/noControlCharactersInRegex: what the colours are made of
const COLOR = /\u001b\[\d+m/g;

let lasting: string;
let soon: string;
let expired: string;

beforeAll(async () => {
  lasting = await anchorPem(700, { commonName: "Corp Root 2030" });
  soon = await anchorPem(10, { commonName: "Corp Root 2029" });
  expired = await anchorPem(-3, { commonName: "Corp Root 2028" });
});

/** One of each, in two scopes. */
function example() {
  const anchors = [
    certificate("cert_1", "corp-root-2030", lasting),
    certificate("cert_2", "corp-root-2029", soon),
    certificate("cert_3", "corp-root-2028", expired),
    certificate("cert_4", null, lasting),
  ];
  const projects = [project("proj_pay", "Payments", ["cert_2", "cert_4"]), project("proj_b", "B", [])];
  return buildReport(observation(anchors, ["cert_1", "cert_3"], projects), NOW, 30);
}

describe("the table", () => {
  it("shows name, id, fingerprint, authority, where it is active, days left, the time line and duplicates", () => {
    const lines = renderTable(example(), PLAIN).split("\n");
    const start = lines.findIndex((line) => line.startsWith("(no name)"));
    expect(lines.slice(start, start + 5)).toEqual([
      expect.stringMatching(/^\(no name\) +700 +\.*=+\|=+\.* +project "Payments"$/),
      "  cert_4  Corp Root 2030",
      expect.stringMatching(/^ {2}sha256 [0-9a-f]{64}$/),
      "  same certificate as cert_1",
      "",
    ]);
  });

  it("tells sets, expired and expiring anchors and what to do in words, without any colour", () => {
    const table = renderTable(example(), PLAIN);
    expect(table).toContain("Organization: mTLS is enforced, 2 active anchors, the last expires 2032-05-15\n");
    expect(table).toContain("Projects: 1 of 2 with a set of their own\n");
    expect(table).toContain('  proj_pay "Payments": 2 active anchors, the last expires 2032-05-15\n');
    expect(table).toMatch(/\ncorp-root-2029 +10 soon +/);
    expect(table).toMatch(/\ncorp-root-2028 +expired +/);
    expect(table).toMatch(/\nproblem {2}cert_3 "corp-root-2028" expired on 2030-06-12/);
  });

  it("says the same with colours, in no other lines", () => {
    const colored = renderTable(example(), { width: 100, color: true });
    expect(colored).toMatch(COLOR);
    expect(colored.replace(COLOR, "").replace(/ +$/gm, "")).toBe(renderTable(example(), PLAIN));
  });

  it("says the same on a narrow terminal, one thing below the other", () => {
    const table = renderTable(example(), { width: 48, color: false });
    expect(table).toMatch(
      /\ncorp-root-2029\n {2}[=|.<>]{26}\n {2}10 days left, expires soon\n {2}active in project "Payments"\n {2}cert_2 /,
    );
    expect(table).toMatch(/\n\(no name\)\n {2}[=|.<>]{26}\n {2}700 days left\n/);
    expect(table).toMatch(/\ncorp-root-2028\n {2}[=|.<>]{26}\n {2}expired\n {2}active in organization\n/);
  });

  it("tells projects of one name apart by their ids", () => {
    const projects = [project("proj_a", "Same", ["cert_1"]), project("proj_b", "Same", ["cert_1"])];
    const report = buildReport(observation([certificate("cert_1", "root", lasting)], [], projects), NOW, 30);
    expect(renderTable(report, PLAIN)).toMatch(/project proj_a\n +project proj_b\n/);
  });

  it("says that there is nothing, for an organization that has nothing", () => {
    const table = renderTable(buildReport(observation([]), NOW, 30), PLAIN);
    expect(table).toContain("mTLS is not enforced, nothing is active\n");
    expect(table).toContain("There are no certificates.\n");
  });

  it("is never wider than the paper and never lets a name act, whatever the names are", () => {
    fc.assert(
      fc.property(anyName, anyName, fc.integer({ min: 40, max: 100 }), (name, projectName, width) => {
        const projects = [project("proj_a", projectName, ["cert_1"])];
        const anchors = [certificate("cert_1", name, lasting), certificate("cert_2", name, soon)];
        const table = renderTable(buildReport(observation(anchors, [], projects), NOW, 30), { width, color: false });
        expect(Math.max(...table.split("\n").map(widthOf))).toBeLessThanOrEqual(width);
        expect(ACTING.test(table)).toBe(false);
      }),
    );
  });
});

describe("the time line of the table", () => {
  const bar = (daysLeft: string) => {
    const [, drawn] = new RegExp(` ${daysLeft} +([.=|<>]{26}) `).exec(renderTable(example(), PLAIN)) ?? [];
    return drawn;
  };

  it("draws what is over before today, and the longest validity up to the end of the line", () => {
    expect(bar("expired")).toMatch(/^=+\|\.+$/);
    expect(bar("10 soon")).toMatch(/^=+\|\.+$/);
    expect(bar("700")).toMatch(/^=+\|=+\.*$/);
  });
});

describe("the width of a text", () => {
  it.each([
    ["abc", 3],
    ["発行", 4],
    ["e\u0301", 1],
    ["👍", 2],
  ])("%s takes %d columns", (text, width) => {
    expect(widthOf(text)).toBe(width);
  });

  it("is what lines are broken by: at spaces, or anywhere where there are none", () => {
    expect(wrapped("one two three", 7)).toEqual(["one two", "three"]);
    expect(wrapped("abcdefgh 発行認証", 4)).toEqual(["abcd", "efgh", "発行", "認証"]);
  });
});
