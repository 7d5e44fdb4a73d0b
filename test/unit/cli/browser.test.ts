import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { buildReport } from "../../../cli/report/build";
import { renderHtml } from "../../../cli/report/html";
import { HOSTILE } from "./hostile";
import { anchorPem, certificate, NOW, observation, project } from "./observations";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--enable-logging=stderr",
  "--dump-dom",
];

const folders = (process.env["PATH"] ?? "").split(path.delimiter);
const browser = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))).find(existsSync);
const withBrowser = browser === undefined ? describe.skip : describe;

withBrowser("the page in a real browser", () => {
  it("shows names that are markup as text, runs nothing, and has its style", async () => {
    const [lasting, soon] = await Promise.all([anchorPem(700), anchorPem(10)]);
    const anchors = HOSTILE.map((name, index) => certificate(`cert_${index}`, name, index % 2 ? lasting : soon));
    const projects = HOSTILE.map((name, index) => project(`proj_${index}`, name, [`cert_${index}`]));
    const folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-browser-"));
    const file = path.join(folder, "report.html");
    writeFileSync(file, renderHtml(buildReport(observation(anchors, ["cert_0"], projects), NOW, 30)));
    const { stdout, stderr } = spawnSync(
      browser ?? "",
      [...FLAGS, `--user-data-dir=${folder}/profile`, `file://${file}`],
      {
        encoding: "utf8",
      },
    );
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    const elements = new Set([...stdout.matchAll(/<([a-z]+)/gi)].map(([, name]) => name?.toLowerCase()));
    expect(stdout).toContain("<title>OpenAI mTLS trust anchors, 2030-06-15</title>");
    expect(stdout).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect([...elements].filter((name) => ["script", "img", "iframe", "link"].includes(name ?? ""))).toEqual([]);
    // A browser says on its console what a policy has refused, a style sheet with another hash among it.
    expect(stderr).not.toMatch(/CONSOLE|Content Security Policy/);
  });
});
