import { progressOn } from "../../../cli/observation/progress";

/** A stream that keeps what was written to it. */
function stream(isTTY: boolean, columns = 80) {
  const written: string[] = [];
  return { isTTY, columns, written, write: (text: string) => written.push(text) > 0 };
}

describe("progress", () => {
  it("is one line of a terminal, redrawn in place and taken away at the end", () => {
    const terminal = stream(true);
    const progress = progressOn(terminal);
    progress.step("reading certificates", 1, 2);
    progress.step("reading certificates", 2, 2);
    progress.done();
    progress.done();
    expect(terminal.written).toEqual([
      "\r\u001b[Kreading certificates: 1 of 2",
      "\r\u001b[Kreading certificates: 2 of 2",
      "\r\u001b[K",
    ]);
  });

  it("never wraps on a narrow terminal", () => {
    const terminal = stream(true, 10);
    progressOn(terminal).step("reading certificates", 1, 2);
    expect(terminal.written).toEqual(["\r\u001b[Kreading c"]);
  });

  it("is nothing where there is no terminal", () => {
    const pipe = stream(false);
    const progress = progressOn(pipe);
    progress.step("reading certificates", 1, 2);
    progress.done();
    expect(pipe.written).toEqual([]);
  });
});
