import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { freePort } from "./freePort";

const OWNER = "pulumi";
const PASSWORD = "for-the-test-only";

/** The folder with the server's programs: on PATH, or where Debian has them; undefined where there is none. */
export function postgresPrograms(): string | undefined {
  const versions = "/usr/lib/postgresql";
  const debian = existsSync(versions)
    ? readdirSync(versions).map((version) => path.join(versions, version, "bin"))
    : [];
  const folders = [...(process.env["PATH"] ?? "").split(path.delimiter), ...debian];
  return folders.find((folder) => ["initdb", "postgres", "psql"].every((name) => existsSync(path.join(folder, name))));
}

/** A PostgreSQL server of its own, on a loopback port, with one database and a password for everybody. */
export class Postgres {
  private constructor(
    private readonly programs: string,
    private readonly folder: string,
    private readonly server: ChildProcess,
    private readonly port: number,
  ) {}

  static async start(programs: string): Promise<Postgres> {
    const folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-postgres-"));
    const account = notRoot();
    const passwordFile = path.join(folder, "password");
    writeFileSync(passwordFile, PASSWORD);
    if (account !== undefined) {
      for (const owned of [folder, passwordFile]) chownSync(owned, account.uid, account.gid);
    }
    const data = path.join(folder, "data");
    const init = [
      "-D",
      data,
      "-U",
      OWNER,
      "-A",
      "scram-sha-256",
      `--pwfile=${passwordFile}`,
      "-E",
      "UTF8",
      "--no-sync",
    ];
    execFileSync(path.join(programs, "initdb"), init, { ...account, cwd: folder, stdio: "pipe" });
    const port = await freePort();
    const settings = ["-p", String(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="];
    const server = spawn(path.join(programs, "postgres"), ["-D", data, ...settings], {
      ...account,
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
    await ready(server);
    return new Postgres(programs, folder, server, port);
  }

  /** Where a role logs in: the owner of everything, unless another is named. */
  url(role = OWNER): string {
    return `postgres://${role}:${PASSWORD}@127.0.0.1:${this.port}/postgres?sslmode=disable`;
  }

  /** What the owner is answered, one row a line. */
  query(sql: string): string {
    return execFileSync(path.join(this.programs, "psql"), [this.url(), "-Atqc", sql], { encoding: "utf8" });
  }

  /** A role that may read every table that there is now, and nothing else. */
  addReader(role: string): void {
    this.query(`CREATE ROLE ${role} LOGIN PASSWORD '${PASSWORD}'`);
    this.query(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}`);
  }

  async stop(): Promise<void> {
    const closed = once(this.server, "close");
    // A fast shutdown: it waits for no client.
    this.server.kill("SIGINT");
    await closed;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The server refuses to run as root. */
function notRoot(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}
function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = "";
    server.stderr?.setEncoding("utf8").on("data", (text: string) => {
      log += text;
      if (log.includes("database system is ready to accept connections")) resolve();
    });
    server.once("error", reject).once("close", () => reject(new Error(`PostgreSQL has ended:\n${log}`)));
  });
}
