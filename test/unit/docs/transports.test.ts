import { readFileSync } from "node:fs";
import path from "node:path";
import { ROOT, readDocument } from "../../support/documents";

/** For each difference between the transports, a test that would fail without it. */
const TESTS: Readonly<Record<string, readonly [file: string, name: string]>> = {
  "stack configuration": ["e2e/casesInput", "is warned about where it may be meant"],
  "stack configuration in a refresh (`--refresh` too) or a destroy": [
    "e2e/plugin/configuration",
    "is that of the last up in a refresh, key and address together",
  ],
  "a key in plain text in stack configuration": ["e2e/plugin/configuration", "does not call it plain text"],
  "types in state": ["e2e/plugin/moveOver", "state has the native types from then on"],
  "state besides the properties": ["e2e/budgets", "keeps in state one short line for all certificates"],
  "preview of a create": ["unit/plugin/server", "previews a create: what the certificate itself tells is known"],
  "new certificates in the plan of a preview": ["e2e/casesPreview", "tells an organization's adopted anchor from"],
  "refusals that depend on such an id": ["e2e/rotation", "in place leaves none with a renewed generation"],
  "new certificate of another organization in an active set": [
    "e2e/casesWhose",
    "is refused in preview by the classes, and by up",
  ],
  "`celFilter` of a certificate that a targeted run leaves out, or that has another provider than its activation": [
    "e2e/casesTargets",
    "creates an activation of an anchor that it leaves out and whose CEL filter waits",
  ],
  "`pulumi import`, option `import`": ["e2e/plugin/importOption", "takes all three types and writes nothing"],
  "explicit providers": ["e2e/plugin/providers", "uploads and activates in each, one scope claimed in each"],
  "second activation of one scope": ["unit/plugin/server", "refuses a second activation of a scope in a program"],
  "`deleteBeforeReplace` of a certificate": ["e2e/casesInput", "deletes a certificate before its replacement"],
  "`TrustAnchors`": ["e2e/plugin/trustAnchors", "takes anchors by name as well as a folder, but not both"],
  functions: ["unit/plugin/server", "answers functions, and says what is wrong with their arguments"],
  "secret `certificateIds`": ["unit/plugin/server", "keeps what an update that stopped half way has done, secrets"],
  "first ^C": ["e2e/plugin/cancel", "ends a long wait after one last attempt"],
  messages: ["unit/plugin/server", "says what it has to say under the resource"],
};

describe("the table of what differs between the classes and the native plugin", () => {
  const [, table = ""] = readDocument("docs/transports.md").split("| --- | --- | --- |\n");
  const [rows = ""] = table.split("\n\n");

  it("has a test for every row, and a row for every such test", () => {
    expect(rows.split("\n").map((row) => row.split(" | ")[0]?.slice(2))).toEqual(Object.keys(TESTS));
  });

  it.each(Object.entries(TESTS))("%s: the test is there", (_, [file, name]) => {
    expect(readFileSync(path.join(ROOT, "test", `${file}.test.ts`), "utf8")).toContain(name);
  });
});
