/** A chart of horizontal bars in groups. */
export interface Chart {
  readonly title: string;
  /** What there is to see, in words, for those who do not see it. */
  readonly description: string;
  readonly series: readonly string[];
  /** One value a series; undefined where there is none. */
  readonly groups: readonly { readonly label: string; readonly values: readonly (number | undefined)[] }[];
  /** How a value is written beside its bar. */
  readonly write: (value: number) => string;
}

const WIDTH = 760;
const LEFT = 120;
const RIGHT = 60;
const BAR = 16;
const GAP = 14;
const LINE = 20;
const TOP = 52;
/** Apart for the colour-blind, and with enough contrast on either background. */
const COLOURS = ["#2f7ed8", "#d9822b", "#8a63d2"];

/** The chart as SVG that stands alone: it brings its own background, and follows the reader's light or dark scheme. */
export function barChart(chart: Chart): string {
  const groupHeight = chart.series.length * BAR + GAP;
  const legendTop = TOP + chart.groups.length * groupHeight + 8;
  const height = legendTop + chart.series.length * LINE + 12;
  const most = Math.max(...chart.groups.flatMap(({ values }) => values.map((value) => value ?? 0)), Number.MIN_VALUE);
  const scale = (WIDTH - LEFT - RIGHT) / most;
  const groups = chart.groups.flatMap(({ label, values }, group) => {
    const top = TOP + group * groupHeight;
    const middle = top + (chart.series.length * BAR) / 2 + 4;
    return [text({ x: LEFT - 12, y: middle, anchor: "end" }, label), ...bars(values, top, scale, chart.write)];
  });
  const legend = chart.series.flatMap((name, index) => {
    const y = legendTop + index * LINE;
    return [
      `<rect x="${LEFT}" y="${y}" width="12" height="12" rx="2" fill="${colour(index)}"/>`,
      text({ x: LEFT + 20, y: y + 10 }, name),
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escapeXml(chart.title)}</title>`,
    `<desc id="description">${escapeXml(chart.description)}</desc>`,
    "<style>",
    "text { font: 13px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #1f2328; }",
    ".title { font-size: 15px; font-weight: 600; }",
    ".page { fill: #ffffff; stroke: #d1d9e0; }",
    "@media (prefers-color-scheme: dark) { text { fill: #e6edf3; } .page { fill: #0d1117; stroke: #3d444d; } }",
    "</style>",
    `<rect class="page" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="6"/>`,
    `<text class="title" x="20" y="30">${escapeXml(chart.title)}</text>`,
    ...groups,
    ...legend,
    "</svg>",
    "",
  ].join("\n");
}

function bars(
  values: readonly (number | undefined)[],
  top: number,
  scale: number,
  write: (value: number) => string,
): string[] {
  return values.flatMap((value, index) => {
    if (value === undefined) {
      return [];
    }
    const y = top + index * BAR;
    const width = Math.max(1, value * scale);
    return [
      `<rect x="${LEFT}" y="${y}" width="${width.toFixed(1)}" height="${BAR - 3}" rx="2" fill="${colour(index)}"/>`,
      text({ x: LEFT + width + 6, y: y + BAR - 5 }, write(value)),
    ];
  });
}

function text({ x, y, anchor }: { x: number; y: number; anchor?: "end" }, content: string): string {
  const at = `x="${Number(x.toFixed(1))}" y="${Number(y.toFixed(1))}"`;
  return `<text ${at}${anchor === undefined ? "" : ` text-anchor="${anchor}"`}>${escapeXml(content)}</text>`;
}

function colour(series: number): string {
  return COLOURS[series % COLOURS.length] ?? "";
}

function escapeXml(content: string): string {
  return content.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
