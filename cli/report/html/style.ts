/** The page's only style sheet: in light and dark, on paper, wide and narrow. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f5f6f8; --card: #fff; --text: #1c2128; --muted: #59636e; --line: #d9dee4; --grid: #e8ebef;
  --valid: #2b7a4b; --expiring: #b26a00; --expired: #c62f2f; --idle: #8a939d; --today: #1c2128; --soon: #b26a0022;
  --problem: #c62f2f; --warning: #965a00; --note: #1f5fa8; --link: #1f5fa8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0e1116; --card: #171b22; --text: #e4e9ef; --muted: #9aa4af; --line: #30363f; --grid: #262c35;
    --valid: #45b36b; --expiring: #e0a030; --expired: #f2625c; --idle: #77818c; --today: #e4e9ef; --soon: #e0a03026;
    --problem: #ff7b74; --warning: #e0a030; --note: #6cb0ff; --link: #6cb0ff;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.45 system-ui, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 28px 20px 48px; }
h1 { font-size: 24px; margin: 0 0 4px; }
h2 { font-size: 17px; margin: 0 0 12px; }
h3 { font-size: 14px; margin: 18px 0 4px; overflow-wrap: anywhere; }
p { margin: 0; }
a { color: inherit; text-decoration: underline dotted var(--muted); text-underline-offset: 3px; }
a:hover { color: var(--link); }
code, .mono { font: 12px/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.muted { color: var(--muted); font-weight: normal; }
.nameless { font-style: italic; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 16px 18px; margin-top: 18px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(210px, 1fr)); gap: 12px; margin-top: 18px; }
.tiles .card { margin: 0; padding: 12px 16px; }
.tiles strong { display: block; font-size: 19px; overflow-wrap: anywhere; }
.problem { color: var(--problem); } .warning { color: var(--warning); } .note { color: var(--note); }
.findings { list-style: none; margin: 0; padding: 0; }
.findings li { display: grid; grid-template-columns: 84px 1fr; gap: 10px; padding: 9px 0; border-top: 1px solid var(--grid); }
.findings li:first-child { border-top: 0; padding-top: 0; }
.findings li:last-child { padding-bottom: 0; }
.findings p { overflow-wrap: anywhere; }
.badge { font-size: 12px; font-weight: 600; border: 1px solid currentColor; border-radius: 10px; text-align: center; height: 21px; line-height: 19px; }
.row { display: grid; grid-template-columns: minmax(170px, 25%) 1fr 96px; column-gap: 14px; align-items: center; }
.who { padding: 3px 0; line-height: 1.3; min-width: 0; overflow-wrap: anywhere; }
.who code { display: block; color: var(--muted); }
.left { text-align: right; font-variant-numeric: tabular-nums; }
.status-valid { color: var(--text); } .status-expiring { color: var(--expiring); font-weight: 600; } .status-expired { color: var(--expired); font-weight: 600; }
.track { display: block; width: 100%; height: 44px; overflow: visible; }
.axis { height: 34px; }
.axis text { fill: var(--muted); font-size: 12px; } .axis .now { fill: var(--today); font-weight: 600; }
.grid { stroke: var(--grid); } .today { stroke: var(--today); stroke-width: 1.5; } .soon { fill: var(--soon); }
.bar { fill: var(--valid); } .bar.expiring { fill: var(--expiring); } .bar.expired { fill: var(--expired); }
.bar.past { opacity: .4; } .bar.past.expired { opacity: 1; }
.idle .bar { fill: none; stroke: var(--idle); stroke-width: 1.5; }
.change { stroke-width: 3; } .change.more { stroke: var(--valid); } .change.less { stroke: var(--expired); }
.history li { grid-template-columns: 200px 1fr; } .history time { white-space: nowrap; font-size: 14px; }
.edge { fill: var(--muted); font-size: 15px; }
.legend { display: flex; flex-wrap: wrap; gap: 6px 20px; margin-top: 16px; font-size: 13px; color: var(--muted); }
.legend span { display: inline-flex; align-items: center; gap: 7px; }
.legend svg { width: 30px; height: 12px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th { text-align: left; font-size: 12px; color: var(--muted); font-weight: 600; padding: 0 14px 6px 0; white-space: nowrap; }
td { border-top: 1px solid var(--grid); padding: 9px 14px 9px 0; vertical-align: top; overflow-wrap: anywhere; }
td:last-child, th:last-child { padding-right: 0; }
tr:target td { background: var(--soon); }
td.hash { width: 17ch; } td.hash code { display: block; width: 16ch; word-break: break-all; }
td.dates { white-space: nowrap; }
details { margin-top: 16px; } summary { cursor: pointer; color: var(--muted); }
details ul { margin: 8px 0 0; padding-left: 20px; }
footer { margin-top: 18px; font-size: 13px; color: var(--muted); }
@media (max-width: 1000px) {
  /* Labels of months would collide: every other one is enough. */
  .axis .tick.odd { display: none; }
  /* A row of the table becomes a block, each cell a line that names itself. */
  thead { display: none; } table, tbody, tr, td { display: block; } tr { border-top: 1px solid var(--grid); padding: 9px 0; }
  td { border: 0; padding: 2px 0 2px 112px; } td::before { content: attr(data-label); float: left; width: 104px; margin-left: -112px; color: var(--muted); font-size: 12px; }
  td.hash, td.hash code { width: auto; }
}
@media (max-width: 720px) {
  .row { grid-template-columns: 1fr auto; } .row .track { grid-column: 1 / -1; grid-row: 2; height: 28px; } .row .axis { height: 34px; }
  .findings li, .history li { grid-template-columns: 1fr; gap: 4px; } .badge { width: 84px; }
}
@media print { body { background: none; } .card { break-inside: avoid; } }
`;
