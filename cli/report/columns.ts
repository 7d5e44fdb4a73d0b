/** Characters that a terminal draws two columns wide: CJK, Hangul, full-width forms, emoji. */
const WIDE =
  /^(?:\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}|[\u3000-\u303f\uff01-\uff60\uffe0-\uffe6])/u;
const COMBINING = /^\p{M}/u;

/** How many columns a terminal needs for a text without control characters. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}

function columnsOf(character: string): number {
  if (character < "\u0300") return 1;
  return WIDE.test(character) ? 2 : COMBINING.test(character) ? 0 : 1;
}

export function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/** The text in lines of at most `width` columns, broken at spaces where there are any. At least one line. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((one) => pieces(one, width))) {
    if (line !== "" && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** The text wrapped, its first line after `first` and the others after `rest`. */
export function paragraph(text: string, width: number, first: string, rest: string): string[] {
  const lines = wrapped(text, width - Math.max(widthOf(first), widthOf(rest)));
  return lines.map((line, index) => (index === 0 ? first : rest) + line);
}

/** A word that is too long for a line, cut. */
function pieces(word: string, width: number): string[] {
  const cut: string[] = [];
  let piece = "";
  let columns = 0;
  for (const character of word) {
    const more = columnsOf(character);
    if (columns + more > width) {
      cut.push(piece);
      piece = "";
      columns = 0;
    }
    piece += character;
    columns += more;
  }
  return [...cut, piece];
}
