import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { buildReport } from "../../../cli/report/build";
import { renderHtml } from "../../../cli/report/html";
import type { History } from "../../../cli/report/model";
import { HOSTILE } from "./hostile";
import { anchorPem, certificate, daysFromNow, NOW, observation, project } from "./observations";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const folders = (process.env["PATH"] ?? "").split(path.delimiter);
const executablePath = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))).find(existsSync);
const reason = executablePath === undefined ? " (skipped: there is no Chromium or Chrome on PATH)" : "";
const withBrowser = executablePath === undefined ? describe.skip : describe;

/** Elements whose content is wider than they are; run in the page. */
const CUT_OFF = `[...document.querySelectorAll("main *:not(svg *)")]
  .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline")
  .map((one) => one.outerHTML.slice(0, 80))`;

withBrowser(`the page in a real browser${reason}`, () => {
  let browser: Browser;
  let folder: string;
  let lasting: string;
  let soon: string;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-browser-"));
    browser = await chromium.launch({ executablePath: executablePath ?? "", args: ["--no-sandbox"] });
    [lasting, soon] = await Promise.all([anchorPem(330), anchorPem(10)]);
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  /** The page, opened in a window of this width; what the browser says on its console fails the test. */
  async function open(html: string, width = 1280): Promise<Page> {
    const file = path.join(folder, "report.html");
    writeFileSync(file, html);
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
    await page.goto(`file://${file}`);
    expect(said).toEqual([]);
    return page;
  }

  it("shows names that are markup as text, runs nothing, and has its style", async () => {
    const anchors = HOSTILE.map((name, index) => certificate(`cert_${index}`, name, index % 2 ? lasting : soon));
    const projects = HOSTILE.map((name, index) => project(`proj_${index}`, name, [`cert_${index}`]));
    const page = await open(renderHtml(buildReport(observation(anchors, ["cert_0"], projects), NOW, 30)));
    expect(await page.title()).toBe("OpenAI mTLS trust anchors, 2030-06-15");
    expect(await page.locator("script, img, iframe, link").count()).toBe(0);
    expect(await page.getByText("<script>alert(1)</script>").count()).toBeGreaterThan(0);
    expect(await page.evaluate('getComputedStyle(document.querySelector("main")).maxWidth')).toBe("1180px");
    await page.close();
  });

  /** Months as labels, which are the widest, long names, an own set, a twin, and a history. */
  function everything(): string {
    const name = "corp-root-2030-".repeat(6);
    const anchors = [
      certificate("cert_0123456789abcdef01234567", name, lasting),
      certificate("cert_1123456789abcdef01234567", "corp-root-2029", soon),
      certificate("cert_2123456789abcdef01234567", null, lasting),
    ];
    const ids = anchors.map(({ id }) => id);
    const projects = [project("proj_0123456789abcdef", "Payments ".repeat(8), ids)];
    const history: History = {
      problem: null,
      events: [-20, -19, -1].map((days) => ({
        id: `audit_log-${days}`,
        at: daysFromNow(days).toISOString().replace(".000", ""),
        type: "certificates.activated",
        project: null,
        certificates: anchors,
        actor: { kind: "session", userId: null, email: "a@example.com", ip: null, keyId: null, serviceAccountId: null },
        who: "a-long-name-of-somebody@department.example.com from 198.51.100.7",
        restorable: false,
      })),
    };
    return renderHtml({ ...buildReport(observation(anchors, ids, projects), NOW, 30), history });
  }

  it.each([400, 800, 1280])("fits into %d px: nothing is cut off, and no labels collide", async (width) => {
    const page = await open(everything(), width);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    expect(await page.evaluate(CUT_OFF)).toEqual([]);
    const labels = await page.locator(".axis text:visible").evaluateAll((texts) =>
      texts.map((text) => {
        const { left, right, top, bottom } = text.getBoundingClientRect();
        return { text: text.textContent, left, right, top, bottom };
      }),
    );
    expect(labels.length).toBeGreaterThan(3);
    const collisions = labels.flatMap((one, index) =>
      labels
        .slice(index + 1)
        .filter((two) => one.left < two.right + 4 && two.left < one.right + 4)
        .filter((two) => one.top < two.bottom && two.top < one.bottom)
        .map((two) => [one.text, two.text]),
    );
    expect(collisions).toEqual([]);
    expect(labels.filter(({ left, right }) => left < 0 || right > width)).toEqual([]);
    await page.close();
  });
});
