import { readFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.resolve(__dirname, "../..");

/** The fenced code blocks of a document in a language, in order. */
export function codeBlocks(document: string, language: string): string[] {
  const text = readFileSync(path.join(ROOT, document), "utf8");
  const blocks = text.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\``, "gm"));
  return [...blocks].map(([, indent = "", block = ""]) => block.replace(new RegExp(`^${indent}`, "gm"), ""));
}
