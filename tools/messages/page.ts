import type { Source } from "./collect";

const PARTS: readonly (readonly [folder: string, title: string])[] = [
  ["provider/activation/", "Active sets"],
  ["provider/certificate/", "Certificates"],
  ["provider/clients/", "Which clients are accepted"],
  ["provider/api/", "Calls to the API"],
  ["provider/", "Settings, PEM texts and what all resources share"],
  ["sdk/", "Programs: TrustAnchors and lookups"],
  ["plugin/", "The native plugin"],
  ["cli/", "The command line"],
  ["emulator/", "The emulator"],
];

const INTRODUCTION = `# Messages

Every text that this package can print, with what makes it print it. \`{name}\` stands for what is put in at run time, and \`{…}\` for a
longer expression. A text that begins or ends in the middle of a sentence is a part of a longer message of the same file.
[Troubleshooting](troubleshooting.md) says what to do about the most common ones. Not listed: what the commands print for \`--help\`,
the report's HTML page, and the project that \`adopt\` writes.

\`npm run messages\` writes the left column from the sources, and keeps the right one, which people write. A condition that starts
with \`?\` belonged to a text that this one seems to replace: correct it, and take the mark out.
`;

const ROW = /^\| (`.*`) \| (.*?) ?\|$/;

/** By message as the page shows it, when it is printed, as an earlier page says. */
export type Conditions = ReadonlyMap<string, string>;

/** What a page says, by file. */
export function conditionsOf(page: string): Map<string, Map<string, string>> {
  const byFile = new Map<string, Map<string, string>>();
  let rows = new Map<string, string>();
  for (const line of page.split("\n")) {
    const row = ROW.exec(line);
    if (line.startsWith("### ")) {
      rows = new Map();
      byFile.set(line.slice(4), rows);
    } else if (row?.[1] !== undefined) {
      rows.set(row[1], row[2] ?? "");
    }
  }
  return byFile;
}

/** The page for these sources, with the conditions that an earlier page has for their texts. */
export function pageOf(sources: readonly Source[], earlier: ReadonlyMap<string, Conditions>): string {
  const partOf = (file: string) => PARTS.find(([folder]) => file.startsWith(folder))?.[1] ?? "";
  const sections = PARTS.map(([, title]) => {
    const files = sources.filter(({ file }) => partOf(file) === title);
    return `\n## ${title}\n${files.map((source) => section(source, earlier)).join("")}`;
  });
  return `${INTRODUCTION}${sections.join("")}`;
}

function section({ file, texts }: Source, earlier: ReadonlyMap<string, Conditions>): string {
  const cells = [...new Set(texts.map(cell))];
  const before = earlier.get(file) ?? new Map<string, string>();
  const elsewhere = new Map([...earlier.values()].flatMap((conditions) => [...conditions]));
  const fresh = cells.filter((text) => !elsewhere.has(text));
  const gone = [...before].filter(([text]) => !cells.includes(text)).map(([, condition]) => condition);
  const guessed = (text: string) => (fresh.length === gone.length ? `? ${gone[fresh.indexOf(text)]}` : "");
  const rows = cells.map((text) => `| ${text} | ${before.get(text) ?? elsewhere.get(text) ?? guessed(text)} |\n`);
  return `\n### ${file}\n\n| message | printed when |\n| --- | --- |\n${rows.join("")}`;
}

/** A text as a code span of a table, on one line. */
function cell(text: string): string {
  const line = text.trim().replace(/\s+/g, " ").replaceAll("|", "\\|");
  return line.includes("`") ? `\`\` ${line} \`\`` : `\`${line}\``;
}
