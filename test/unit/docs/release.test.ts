import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parse } from "yaml";
import { brokenLinks, documents, ROOT, readDocument } from "../../support/documents";

interface Manifest {
  version: string;
  repository: { url: string };
  bugs: string;
  homepage: string;
  scripts: Record<string, string>;
}
const manifest = () => JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as Manifest;

/** What `npm pack` puts into the package. */
function packed(): Set<string> {
  const { stdout } = spawnSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  const answer = JSON.parse(stdout) as { files: { path: string }[] }[] | Record<string, { files: { path: string }[] }>;
  return new Set((Object.values(answer)[0]?.files ?? []).map((file) => file.path));
}

describe("the package", () => {
  const files = packed();

  // SECURITY.md names the test of each promise; tests stay in the repository.
  const stays = (target: string) => target.startsWith("test/");

  it("brings every document that a reader of it is led to, and all that these link to", () => {
    const brought = documents().filter((file) => files.has(file));
    expect(brought).toEqual(expect.arrayContaining(["README.md", "docs/quickstart.md", "docs/guides/pipelines.md"]));
    const missing = brought.flatMap((document) =>
      linked(document)
        .filter(
          (target) => !stays(target) && !files.has(target) && ![...files].some((file) => file.startsWith(`${target}/`)),
        )
        .map((target) => `${document} -> ${target}`),
    );
    expect(missing).toEqual([]);
    expect(brought.flatMap(brokenLinks)).toEqual([]);
  });

  it("brings the licence of each package that is in the plugin's files", () => {
    const names = (text: string) =>
      [...text.matchAll(/"?node_modules\/((?:@[^/]+\/)?[^/]+)\//g)].map(([, name = ""]) => name);
    const bundled = ["server", "construct", "undici"].flatMap((file) => names(readDocument(`dist-plugin/${file}.js`)));
    expect(bundled).toEqual(expect.arrayContaining(["undici", "google-protobuf", "yaml"]));
    expect(files).toContain("dist-plugin/THIRD-PARTY-LICENSES.txt");
    const notices = readDocument("dist-plugin/THIRD-PARTY-LICENSES.txt");
    // What is an ES module leaves no path in a bundle.
    const absent = [...bundled, "@bufbuild/cel", "@bufbuild/protobuf"].filter(
      (name) => !notices.includes(`\n${name} `),
    );
    expect([...new Set(absent)]).toEqual([]);
    expect(notices).toContain("Copyright (c) Matteo Collina and Undici contributors");
  });

  it("brings examples and templates without what was installed in them, and no tests", () => {
    expect(files).toContain("examples/pipelines/github/workflows/certificates-plan.yml");
    expect(files).toContain("templates/anchors/Pulumi.yaml");
    expect([...files].filter((file) => /node_modules|^test\/|\.jsonl$/.test(file))).toEqual([]);
  });

  it("names its owner in one file: repository, bugs and homepage are of one repository", () => {
    const { repository, bugs, homepage } = manifest();
    const [, owner = "", name = ""] = /^git\+https:\/\/github\.com\/([^/]+)\/([^/]+)\.git$/.exec(repository.url) ?? [];
    expect(name).toBe("pulumi-openai-certificates");
    expect([bugs, homepage]).toEqual([
      `https://github.com/${owner}/${name}/issues`,
      `https://github.com/${owner}/${name}#readme`,
    ]);
  });
});

/** Files of this repository that a document links to, relative to it. */
function linked(document: string): string[] {
  const links = [...readDocument(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
  return links
    .filter((link) => !/^([a-z]+:|#)/.test(link))
    .map((link) => path.join(path.dirname(document), link.split("#")[0] ?? "").replace(/\/$/, ""));
}

/** The changelog before its newest section was released: these tests have to pass on the commit of a release, too. */
function unreleased(changelog: string): string {
  const [, newest = ""] = changelog.split(/^## .*$/m);
  return `# Changelog\n\n## Unreleased\n${newest}`;
}

/** What stands where the owner of the repository belongs, until there is one. */
const NOBODY = "OWNER";

describe("a release", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-release-"));
    writeFileSync(path.join(folder, "CHANGELOG.md"), unreleased(readDocument("CHANGELOG.md")));
    symlinkSync(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (change: (manifest: Manifest) => void) => {
    const changed = manifest();
    change(changed);
    writeFileSync(path.join(folder, "package.json"), JSON.stringify(changed));
  };
  const check = (tag: string, repository: string) => {
    const env = { PATH: process.env["PATH"], GITHUB_REPOSITORY: repository };
    const script = path.join(ROOT, ".github/release/check.mjs");
    const { status, stderr } = spawnSync(process.execPath, [script, tag], { cwd: folder, env, encoding: "utf8" });
    return { status, problems: stderr.trim().split("\n").filter(Boolean) };
  };
  const ownedBy = (owner: string) => (one: Manifest) => {
    const owned = (url: string) => url.replace(/github\.com\/[^/]+/, `github.com/${owner}`);
    Object.assign(one, { bugs: owned(one.bugs), homepage: owned(one.homepage) });
    one.repository.url = owned(one.repository.url);
  };

  it("is refused while the tag, the changelog or the owner is wrong, and says each", () => {
    write(ownedBy(NOBODY));
    writeFileSync(path.join(folder, "CODEOWNERS"), `* @${NOBODY}/maintainers\n`);
    writeFileSync(path.join(folder, "go.mod"), `module github.com/${NOBODY}/pulumi-openai-certificates\n`);
    const { status, problems } = check("v9.9.9", "example/pulumi-openai-certificates");
    expect(status).toBe(1);
    expect(problems).toHaveLength(4);
    expect(problems.join("\n")).toMatch(
      /the tag is v9\.9\.9.*\n.*no section for.*\n.*OWNER still stands in CODEOWNERS, go\.mod, package\.json.*\n.*refuse the provenance/,
    );
  });

  it("names every file of this repository that the owner belongs in, for the one who looks for them", () => {
    const { stderr } = spawnSync(process.execPath, [".github/release/check.mjs", "v0.0.0"], {
      cwd: ROOT,
      encoding: "utf8",
    });
    const named = /^OWNER still stands in (.*), where/m.exec(stderr)?.[1]?.split(", ") ?? [];
    const said = readDocument("CONTRIBUTING.md");
    expect(
      named.filter((file) => !said.includes(`\`${file}\``) && !said.includes(`\`${path.dirname(file)}\``)),
    ).toEqual([]);
  });

  it.each([
    ["publishes what npm does not have", undefined, 0, /^publish$/m],
    ["goes on after a run that failed between npm and GitHub, without publishing twice", "the tarball", 0, /^$/],
    ["is refused where npm has another tarball of its version", "another", 1, /^::error::npm has another tarball/],
  ])("%s", (_, there, status, said) => {
    const { jobs } = parse(readDocument(".github/workflows/release.yml")) as {
      jobs: { publish: { steps: { run?: string }[] } };
    };
    const step = jobs.publish.steps.find(({ run }) => run?.includes("npm publish"))?.run ?? "";
    const answer = there && `echo sha512-${createHash("sha512").update(there).digest("base64")}`;
    const view = `[ "$2" = pulumi-openai-certificates@1.2.3 ] && ${answer ?? "exit 1"}`;
    const npm = `#!/bin/sh\ncase $1 in view) ${view} ;; *) echo "$1" ;; esac\n`;
    writeFileSync(path.join(folder, "npm"), npm, { mode: 0o755 });
    writeFileSync(path.join(folder, "pulumi-openai-certificates-1.2.3.tgz"), "the tarball");
    const env = { PATH: `${folder}:${process.env["PATH"]}`, GITHUB_REF_NAME: "v1.2.3" };
    const run = spawnSync("bash", ["-eo", "pipefail", "-c", step], { cwd: folder, env, encoding: "utf8" });
    expect(run).toMatchObject({ status, stdout: expect.stringMatching(said) });
  });

  it.each([
    ["of the version that package.json has already, as the first one", [manifest().version, "--allow-same-version"]],
    ["of the next version", ["minor"]],
  ])("%s: `npm version` moves what is under Unreleased into its section; the check then agrees", (_, version) => {
    write((one) => {
      ownedBy("example")(one);
      one.scripts = { version: one.scripts["version"]?.replace(/ && git add .*/, "") ?? "" };
    });
    const before = readFileSync(path.join(folder, "CHANGELOG.md"), "utf8");
    const { status, stderr } = spawnSync("npm", ["version", ...version, "--no-git-tag-version"], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(status === 0 ? "" : stderr).toBe("");
    const after = readFileSync(path.join(folder, "CHANGELOG.md"), "utf8");
    const { version: made } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as Manifest;
    expect(after).toMatch(new RegExp(`^## \\[${made}\\] - \\d{4}-\\d\\d-\\d\\d$`, "m"));
    const entries = (text: string) => text.split("\n").filter((line) => line.startsWith("- ")).length;
    expect(entries(after)).toBe(entries(before));
    expect(check(`v${made}`, "example/pulumi-openai-certificates")).toEqual({ status: 0, problems: [] });
    expect(check(`v${made}`, "somebody/else").status).toBe(1);
  });
});
