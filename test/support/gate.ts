import http from "node:http";
import type { AddressInfo, Socket } from "node:net";

interface Hold {
  readonly method: string;
  readonly path: RegExp;
  readonly width: number;
  readonly waiting: (() => void)[];
}

/**
 * A way to the emulator that counts connections and requests under way, and can hold requests back until a number of
 * them is there at once: that is how a test knows how wide a client works, without a look at the clock.
 */
export class Gate {
  /** Connections accepted since {@link reset}. */
  connections = 0;
  /** The most requests that were under way at once since {@link reset}. */
  widest = 0;
  private underWay = 0;
  private hold: Hold | undefined;
  private readonly agent = new http.Agent({ keepAlive: true });
  private readonly sockets = new Set<Socket>();
  private readonly server = http.createServer((request, response) => void this.pass(request, response));

  private constructor(private readonly target: URL) {
    this.server.on("connection", (socket) => {
      this.connections++;
      this.sockets.add(socket);
      socket.once("close", () => this.sockets.delete(socket));
    });
  }

  static async before(url: string): Promise<Gate> {
    const gate = new Gate(new URL(url));
    await new Promise<void>((resolve) => gate.server.listen(0, "127.0.0.1", resolve));
    return gate;
  }

  /** The base URL of the admin API behind this gate. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${this.target.pathname}`;
  }

  /** Holds matching requests until `width` of them wait at once, and none after that; undone by {@link reset}. */
  holdUntil(width: number, method: string, path: RegExp): void {
    this.hold = { method, path, width, waiting: [] };
  }

  reset(): void {
    this.connections = 0;
    this.widest = 0;
    this.hold = undefined;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) {
      socket.destroy();
    }
    this.agent.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async pass(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    this.underWay++;
    this.widest = Math.max(this.widest, this.underWay);
    response.once("close", () => {
      this.underWay--;
    });
    await this.turn(request);
    const { hostname, port } = this.target;
    const { method, url, headers } = request;
    const onward = http.request({ agent: this.agent, hostname, port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  }

  private async turn({ method, url = "" }: http.IncomingMessage): Promise<void> {
    const { hold } = this;
    if (hold === undefined || method !== hold.method || !hold.path.test(url)) {
      return;
    }
    const opened = new Promise<void>((resolve) => hold.waiting.push(resolve));
    if (hold.waiting.length >= hold.width) {
      this.hold = undefined;
      for (const open of hold.waiting) {
        open();
      }
    }
    await opened;
  }
}
