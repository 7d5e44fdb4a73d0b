import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { Agent, request } from "undici";
import type { Emulator, Issued } from "../../emulator";
import type { Command, Counts, Load } from "./trafficWorker";

export type { Count, Counts } from "./trafficWorker";

/** Requests a second, all clients together, on average over a run: what is sent, and what a run must at least have had. */
const SENT = 400;
export const LEAST = 200;

type Identity = Pick<Issued, "chain" | "key">;

/**
 * Workloads that send `GET /v1/models` without pause through the emulator's listener for client certificates, each with
 * its own certificate, out of a process of their own: most requests on kept connections, some on fresh ones. The listener
 * judges clients by this package's own rules: requests show the order and the timing of changes, not whom the vendor accepts.
 */
export class Traffic {
  private constructor(private readonly child: ChildProcess) {}

  /** Starts with every client's first request answered. */
  static async start(emulator: Emulator, clients: Readonly<Record<string, Identity>>): Promise<Traffic> {
    const child = spawn(process.execPath, ["--import", "tsx", path.join(__dirname, "trafficWorker.ts")], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    const traffic = new Traffic(child);
    const load: Load = { url: emulator.mtlsUrl ?? "", ca: emulator.mtlsCa ?? "", perSecond: SENT, clients };
    await traffic.ask({ kind: "start", load });
    return traffic;
  }

  /** What has become of the requests since the last time, by client. */
  counts(): Promise<Counts> {
    return this.ask({ kind: "counts" });
  }

  /** One workload has moved on: it sends nothing any more. Answers once its last request is answered. */
  async retire(name: string): Promise<void> {
    await this.ask({ kind: "retire", name });
  }

  /** Stops once there were at least {@link LEAST} requests a second on average. Answers their number and the seconds. */
  async stop(): Promise<{ readonly requests: number; readonly seconds: number }> {
    const total = await this.ask<{ requests: number; seconds: number }>({ kind: "stop", least: LEAST });
    await this.end();
    return total;
  }

  /** Ends the process whatever it is doing. */
  async end(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const exited = once(this.child, "exit");
      this.child.kill();
      await exited;
    }
  }

  private async ask<Answer>(command: Command): Promise<Answer> {
    const ended = new AbortController();
    const gone = once(this.child, "exit", { signal: ended.signal }).then(() => {
      throw new Error("the process that sends traffic has ended");
    });
    const answered = once(this.child, "message", { signal: ended.signal });
    this.child.send(command);
    try {
      const [answer] = (await Promise.race([answered, gone])) as [Answer];
      return answer;
    } finally {
      ended.abort();
      await Promise.allSettled([answered, gone]);
    }
  }
}

/** What one request on a connection of its own is answered: `ok`, or the error code. */
export async function ask(emulator: Emulator, identity?: Identity, projectId?: string): Promise<string> {
  const own = identity === undefined ? {} : { cert: identity.chain, key: identity.key };
  const dispatcher = new Agent({ connect: { ca: emulator.mtlsCa ?? "", ...own } });
  try {
    const { statusCode, body } = await request(`${emulator.mtlsUrl}/models`, {
      dispatcher,
      headers: {
        authorization: "Bearer sk-workload",
        ...(projectId === undefined ? {} : { "OpenAI-Project": projectId }),
      },
    });
    const answer = (await body.json()) as { error?: { code: string } };
    return statusCode === 200 ? "ok" : (answer.error?.code ?? String(statusCode));
  } finally {
    await dispatcher.close();
  }
}
