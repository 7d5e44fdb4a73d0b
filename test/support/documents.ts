import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

export const ROOT = path.resolve(__dirname, "../..");

/** Every Markdown file that a reader may come to, relative to the repository; what is generated is left out. */
export function documents(): string[] {
  const below = (folder: string): string[] =>
    readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) {
        return entry.name === "node_modules" || file === path.join("docs", "reference") ? [] : below(file);
      }
      return entry.name.endsWith(".md") ? [file] : [];
    });
  return ["README.md", "DESIGN.md", "CONTRIBUTING.md", "SECURITY.md", ...below("docs"), ...below("examples")];
}

export function readDocument(file: string): string {
  return readFileSync(path.join(ROOT, file), "utf8");
}

/** The fenced code blocks of a document in a language, in order. */
export function codeBlocks(document: string, language: string): string[] {
  const blocks = readDocument(document).matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"));
  return [...blocks].map(([, block = ""]) => block);
}

/** Links of a document to this repository that lead nowhere: to no file, or to no heading of one. */
export function brokenLinks(document: string): string[] {
  const links = [...readDocument(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
  return links.filter((link) => {
    const [target = "", heading] = link.split("#");
    const file = target === "" ? document : path.join(path.dirname(document), target);
    if (/^[a-z]+:/.test(link)) return false;
    if (!existsSync(path.join(ROOT, file))) return true;
    if (heading === undefined) return false;
    return statSync(path.join(ROOT, file)).isDirectory() || !anchors(readDocument(file)).includes(heading);
  });
}

/** What headings are called in links, as GitHub makes it of them. */
function anchors(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\- ]/gu, "")
      .replace(/ /g, "-"),
  );
}
