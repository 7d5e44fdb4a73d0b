import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { filterProblem } from "../../../provider/clients";

const ROOT = join(__dirname, "../../..");

const LONG = `[${"1,".repeat(900)}1]`;

describe("filterProblem", () => {
  it.each([
    'subject.common_name == "billing"',
    'subject.organization in ["Example", "Example Ltd"] && subject.country_code == "DE"',
    'subject_alt_names.exists(name, name.type == "URI" && name.value.startsWith("spiffe://corp.test/"))',
    "subject_alt_names.all(name, name.type == DNS)",
    'subject_alt_names.map(name, name.value).exists(value, value == "a")',
    'subject_alt_names[9].value == "x"',
    'subject.common_name.matches("^(a+)+$")',
    'subject.organization.lowerAscii() == "example"',
    "has(subject.locality) || size(subject_alt_names) > 0",
    'subject.postal_code != "" // everybody',
    `${LONG}.exists(n, n == size(subject_alt_names))`,
    'subject_alt_names.exists(n, ["a", "b"].exists(start, n.value.startsWith(start)))',
    "true",
  ])("takes %s", async (expression) => {
    expect(await filterProblem(expression)).toBeUndefined();
  });

  it.each([
    ["", "is empty"],
    ["subject.common_name ==", "is not a CEL expression: <input>:1:21: found ="],
    ["subject.common_name", "evaluates to a string and not to true or false"],
    ['"yes" || true', "evaluates to a string and not to true or false"],
    ['size(subject_alt_names) > 40 ? "a" : true', "evaluates to a string and not to true or false"],
    ["subject_alt_names.filter(n, n.oid == '1.2')", "evaluates to a list or another value and not to true or false"],
    ["size(subject_alt_names)", "evaluates to a number and not to true or false"],
    ["subject.common_name > 3", "cannot be evaluated: found no matching overload for '_>_' applied to '(string, int)'"],
    ['subject.team == "a"', "uses the field team, and subject has only common_name, country_code, organization"],
    ['subject_alt_names.all(n, n.type == "DNS" && n.name == "a")', "uses the field name, and an alternative name has"],
    ['subject_alt_names[0].name == "a"', "cannot be evaluated: field not found: name"],
    ['certificate.issuer == "a"', "uses certificate, and a filter only sees subject and subject_alt_names"],
    ["false && isTrusted(subject)", "uses the function isTrusted, which CEL does not have"],
    ['subject.common_name.matches("(")', "cannot be evaluated: error parsing regexp: missing closing ): `(`"],
    [`${"(".repeat(3000)}true${")".repeat(3000)}`, "is not a CEL expression: Maximum call stack size exceeded"],
    [`${LONG}.all(a, ${LONG}.all(b, ${LONG}.all(c, a == b)))`, "goes over lists in lists too often: shorten them"],
    [`true ${"|| true ".repeat(2000)}`, "is longer than 8192 characters"],
  ])("says why %s cannot be a filter", async (expression, problem) => {
    expect((await filterProblem(expression))?.slice(0, problem.length)).toBe(problem);
  });

  it("loads the CEL library for the first filter only, which costs the start of a run", () => {
    const script = `
      const { filterProblem, anchorWarnings, parseRequiredClients } = require("./provider/clients");
      const loaded = () => Object.keys(require.cache).some((file) => /node_modules.(@bufbuild|pkijs|asn1js)/.test(file));
      parseRequiredClients(["x"]);
      anchorWarnings("x");
      const before = loaded();
      filterProblem("true").then(() => console.log(JSON.stringify([before, loaded()])));`;
    const output = execFileSync(process.execPath, ["-r", "tsx/cjs", "-e", script], { cwd: ROOT, encoding: "utf8" });
    expect(JSON.parse(output)).toEqual([false, true]);
  });
});
