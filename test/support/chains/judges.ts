import { execFile, execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

/** What a client presents (leaf first) before a set of anchors, all PEM, at a time. */
export interface Presentation {
  readonly anchors: readonly string[];
  readonly chain: readonly string[];
  readonly at: Date;
}

/** Another verifier: undefined for each presentation that it accepts, or why it does not. */
export type Judge = (presentations: readonly Presentation[]) => Promise<(string | undefined)[]>;

const run = promisify(execFile);

/** OpenSSL's strict verification, where there is an `openssl` of version 3. Anchors need not be self-signed. */
export function openSsl(): Judge | undefined {
  const version = spawnSync("openssl", ["version"], { encoding: "utf8" });
  if (version.status !== 0 || !/^OpenSSL 3/.test(version.stdout)) return undefined;
  return async (presentations) => {
    const folder = mkdtempSync(path.join(tmpdir(), "chains-"));
    const reasons: (string | undefined)[] = [];
    try {
      for (const { anchors, chain, at } of presentations) {
        const file = (name: string, pems: readonly string[]) => {
          writeFileSync(path.join(folder, name), pems.join(""));
          return path.join(folder, name);
        };
        const [leaf = "", ...others] = chain;
        const options = ["-purpose", "sslclient", "-x509_strict", "-partial_chain", "-no-CApath", "-no-CAstore"];
        const trust = ["-attime", String(Math.floor(at.getTime() / 1000)), "-CAfile", file("anchors", anchors)];
        const untrusted = others.length > 0 ? ["-untrusted", file("others", others)] : [];
        reasons.push(
          await run("openssl", ["verify", ...options, ...trust, ...untrusted, file("leaf", [leaf])]).then(
            () => undefined,
            (error: { stderr: string }) => /error \d+.*|error.*/i.exec(error.stderr)?.[0] ?? error.stderr,
          ),
        );
      }
      return reasons;
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
}

/** Go's crypto/x509, by the program beside this file, where Go is installed. */
export function goX509(): Judge | undefined {
  if (spawnSync("go", ["version"]).status !== 0) return undefined;
  return async (presentations) => {
    const folder = mkdtempSync(path.join(tmpdir(), "chains-go-"));
    try {
      const program = path.join(folder, "judge");
      execFileSync("go", ["build", "-o", program, path.join(__dirname, "judge.go")], {
        cwd: folder,
        env: { ...process.env, GOFLAGS: "", GOWORK: "off", GOTOOLCHAIN: "local" },
      });
      const input = presentations.map((one) => JSON.stringify({ ...one, at: one.at.toISOString() })).join("\n");
      const output = execFileSync(program, { input, encoding: "utf8", maxBuffer: 1 << 28 });
      return output
        .trimEnd()
        .split("\n")
        .map((line) => (line === "ok" ? undefined : line));
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
}
