import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { text } from "node:stream/consumers";

const ROOT = path.resolve(__dirname, "../..");
const SEQUENCES = 2;

describe("random sequences on the real engine, of edits, changes made by hand, faults and kills", () => {
  // By the command, outside of Jest's module sandbox, as a seed is replayed too.
  it("keep every promise, in the organization and in the state file", async () => {
    const args = ["--import", "tsx", "tools/soak/main.ts", "--engine", "--seed", "1", "--sequences", String(SEQUENCES)];
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "inherit", "pipe"] });
    const [output, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
    const counted = [...output.matchAll(/([a-z ]+): (\d+)/g)].map(([, what = "", count]) => [
      what.trim(),
      Number(count),
    ]);
    const figures = Object.fromEntries(counted) as Record<string, number>;
    expect({ code, output, ...figures }).toMatchObject({ code: 0, sequences: SEQUENCES, tangled: 0 });
    for (const what of ["operations", "decisions", "uploads", "toggles"]) {
      expect(figures[what]).toBeGreaterThan(0);
    }
  }, 900_000);
});
