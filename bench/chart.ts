import { type Row, timesPlain } from "./report";

const LEFT = 150;
const SCALE = 420;
const COLOURS = ["#d9822b", "#2f7ed8", "#8a63d2", "#3a9d5d"];

/** Every column but the first as multiples of the first, which is a line: bars in SVG with a background of its own. */
export function chart(title: string, columns: readonly string[], rows: readonly Row[]): string {
  const block = 18 * columns.length;
  const height = 40 + rows.length * block + 22 * columns.length;
  const text = (x: number, y: number, words: string, more = "") =>
    `<text x="${x}" y="${y}"${more}>${words.replace(/&/g, "&amp;").replace(/</g, "&lt;")}</text>`;
  const bars = rows.flatMap((row, index) => [
    text(LEFT - 10, 50 + index * block, row.what, ' text-anchor="end"'),
    ...columns.slice(1).flatMap((_, bar) => {
      const times = timesPlain(row, bar + 1);
      const y = 38 + index * block + bar * 17;
      const rectangle = `x="${LEFT}" y="${y}" width="${Math.round((times ?? 0) * SCALE)}" height="15"`;
      return times === undefined
        ? []
        : [
            `<rect ${rectangle} fill="${COLOURS[bar + 1]}"/>`,
            text(LEFT + 6, y + 12, times.toFixed(2), ' fill="#ffffff"'),
          ];
    }),
  ]);
  const bottom = 40 + rows.length * block;
  const legend = columns.flatMap((name, index) => {
    const y = bottom + 18 + index * 20;
    return [
      `<rect x="${LEFT}" y="${y - 10}" width="12" height="12" fill="${COLOURS[index]}"/>`,
      text(LEFT + 20, y, name),
    ];
  });
  const line = `<path d="M${LEFT + SCALE} 32V${bottom}" stroke="${COLOURS[0]}" stroke-width="2"/>`;
  const open = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 ${height}" font-family="sans-serif" font-size="13" role="img">`;
  const parts = [`<title>${title}</title>`, '<rect width="100%" height="100%" fill="#ffffff"/>', text(LEFT, 20, title)];
  return `${[open, ...parts, ...bars, line, ...legend, "</svg>"].join("\n")}\n`;
}
