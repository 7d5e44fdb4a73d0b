import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** The texts of one source file that users may read, in the order of the source, each once. */
export interface Source {
  /** Relative to the repository's root. */
  readonly file: string;
  readonly texts: readonly string[];
}

const FOLDERS = ["provider", "sdk", "plugin", "cli", "emulator"];

/** These write a document of their own (a program, a page, a schema), where the document is what is reviewed. */
const DOCUMENTS = /^(plugin\/schema\/|cli\/report\/html\/|cli\/adopt\/(program|project|readme)\.ts)/;

/**
 * Every text in the sources that reads like language. Messages are put together from parts in many
 * places, so looking at texts, and not at the calls that print them, is what cannot miss one.
 */
export function collect(root: string): Source[] {
  return FOLDERS.flatMap((folder) => sourceFiles(root, folder))
    .filter((file) => !DOCUMENTS.test(file))
    .map((file) => ({ file, texts: textsOf(readFileSync(join(root, file), "utf8")) }))
    .filter(({ texts }) => texts.length > 0);
}

function sourceFiles(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => `${folder}/${path.replaceAll("\\", "/")}`)
    .sort();
}

/** The texts of a program's source; what is put in at run time stands in braces, as `{name}` or `{…}`. */
export function textsOf(program: string): string[] {
  const found = new Set<string>();
  const source = ts.createSourceFile("source.ts", program, ts.ScriptTarget.ES2022, true);
  const visit = (node: ts.Node, within: boolean) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) {
      return;
    }
    const text = textOf(node);
    if (text !== undefined && !within && isLanguage(text)) {
      found.add(text);
    }
    // What a placeholder holds may be a text as well: the branches of a condition, or what a function is given.
    ts.forEachChild(node, (child) => visit(child, text !== undefined && textOf(child) !== undefined));
  };
  visit(source, false);
  return [...found];
}

/** Three words, counting what is put in, with a space between two; not the help of a command, a header or a certificate. */
function isLanguage(text: string): boolean {
  const words = text.replace(/\{[^{}]*\}/g, " … ").match(/\p{L}{2,}|…/gu) ?? [];
  const isProse = words.length > 2 && words.some((word) => word !== "…") && /\p{L} \p{L}|\S \{|\} \p{L}/u.test(text);
  return isProse && !/^(?:Usage:|HTTP\/|content-)|-----BEGIN/.test(text);
}

function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) {
    return node.text;
  }
  if (ts.isTemplateExpression(node)) {
    return node.head.text + node.templateSpans.map((span) => placeholder(span.expression) + span.literal.text).join("");
  }
  if (ts.isParenthesizedExpression(node)) {
    return textOf(node.expression);
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [textOf(node.left), textOf(node.right)];
    return left === undefined && right === undefined
      ? undefined
      : (left ?? placeholder(node.left)) + (right ?? placeholder(node.right));
  }
  return undefined;
}

/** `{day}` for `day(expiresAt)`, `{name}` for `name` and `client.name`. */
function placeholder(node: ts.Expression): string {
  const named = ts.isCallExpression(node) ? node.expression : node;
  const name = ts.isPropertyAccessExpression(named) ? named.name : named;
  return ts.isIdentifier(name) ? `{${name.text}}` : "{…}";
}
