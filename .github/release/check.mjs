// Before a release: `node check.mjs v1.2.3` fails where the tag, package.json and CHANGELOG.md do not say the same, or where the
// repository's owner has not been filled in. Says everything that is wrong at once.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

const [tag = ""] = process.argv.slice(2);
const { version, repository } = JSON.parse(readFileSync("package.json", "utf8"));
const changelog = readFileSync("CHANGELOG.md", "utf8");
const { GITHUB_REPOSITORY: here } = process.env;

// As in an address or a team; `--no-index`, because it need not be a clone.
const search = ["grep", "--no-index", "--exclude-standard", "--files-with-matches", "-E", "(github\\.com/|@)OWNER/"];
const { stdout: found, error } = spawnSync("git", search, { encoding: "utf8" });
if (error !== undefined) throw error;
const unowned = found.split("\n").filter((file) => file !== "");

const problems = [
  tag === `v${version}` ? "" : `the tag is ${tag || "missing"}, and package.json says ${version}`,
  changelog.includes(`\n## [${version}]`) || changelog.includes(`\n## ${version}`)
    ? ""
    : `CHANGELOG.md has no section for ${version}; \`npm version\` writes it`,
  unowned.length > 0 ? `OWNER still stands in ${unowned.join(", ")}, where the owner of the repository belongs` : "",
  here === undefined || repository.url.includes(`/${here}.git`)
    ? ""
    : `package.json names the repository ${repository.url}, and this is ${here}: npm would refuse the provenance`,
].filter((problem) => problem !== "");
for (const problem of problems) {
  console.error(problem);
}
process.exitCode = problems.length === 0 ? 0 : 1;
