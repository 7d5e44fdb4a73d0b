import { formatElapsed, lineProgress, terminalProgress } from "../../../tools/engine/progress";

test("a log gets every event, and a status at most once in ten seconds", () => {
  let now = 0;
  const lines: string[] = [];
  const progress = lineProgress(
    (line) => lines.push(line),
    () => now,
  );
  progress.line("begin");
  for (now = 1_000; now <= 25_000; now += 1_000) progress.status(`after ${now / 1000} s`);
  progress.line("end");
  expect(lines).toEqual(["begin", "after 10 s", "after 20 s", "end"]);
});

test("a terminal shows one status in place, which leaves nothing behind", () => {
  const written: string[] = [];
  const progress = terminalProgress({ columns: 20, write: (text: string) => written.push(text) > 0 });
  progress.status("compiling 1");
  progress.status("compiling 2, and more than fits");
  progress.line("ready");
  progress.done();
  expect(written.join("")).toBe("\r\u001b[Kcompiling 1\r\u001b[Kcompiling 2, and mo\r\u001b[Kready\n");
});

test.each([
  [999, "0 s"],
  [59_999, "59 s"],
  [128_000, "2 min 8 s"],
])("%d ms are shown as %s", (milliseconds, text) => {
  expect(formatElapsed(milliseconds)).toBe(text);
});
