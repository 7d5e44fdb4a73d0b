import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

const ROOT = path.resolve(__dirname, "../../..");

/** What `openai-certificates` did, run from its source with no settings but the given ones; `deaf`: nobody reads its output. */
export async function openaiCertificates(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  { deaf = false } = {},
) {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("OPENAI_"));
  const child = spawn(process.execPath, ["--import", "tsx", "cli/index.ts", ...args], {
    cwd: ROOT,
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  }
  if (deaf) child.stdout.destroy();
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...output };
}
