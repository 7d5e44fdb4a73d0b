import { once } from "node:events";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import { startEmulator } from "../../../emulator";
import { anchor, call, emulators, KEY } from "./helpers";

const PATH = "/organization/certificates";

describe("closing the emulator", () => {
  it("ends requests that hang or wait, and idle connections of both listeners", async () => {
    const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
    const emulator = await startEmulator({ adminKey: KEY, mtlsPort: 0 });
    const before = timers();
    emulator.faults.add({ kind: "hang", match: { method: "GET" } });
    emulator.faults.add({ kind: "latency", ms: 2 ** 30, match: { method: "POST" } });
    const hanging = call(emulator, "GET", PATH);
    const waiting = call(emulator, "POST", PATH, { body: { certificate: anchor() } });
    const port = (url = "") => Number(new URL(url).port);
    const plain = connect(port(emulator.url), "127.0.0.1");
    const noHandshake = connect(port(emulator.mtlsUrl), "127.0.0.1");
    const secure = connectTls({ host: "localhost", port: port(emulator.mtlsUrl), ca: emulator.mtlsCa });
    const idle = [plain, noHandshake, secure].map(
      // Whether a socket that is cut off reports an error first is up to the kernel.
      (socket) => new Promise((resolve) => socket.on("error", () => {}).on("close", resolve)),
    );
    await Promise.all([once(secure, "secureConnect"), once(noHandshake, "connect"), once(plain, "connect")]);
    while (emulator.requests.length < 2) await new Promise((resolve) => setImmediate(resolve));

    const refused = Promise.all([hanging, waiting].map((one) => expect(one).rejects.toThrow("fetch failed")));
    await emulator.close();
    await refused;
    await Promise.all(idle);
    expect(timers()).toBe(before);
    expect(emulator.organization().certificates()).toEqual([]);
    await expect(call(emulator, "GET", PATH)).rejects.toThrow("fetch failed");
  });

  it("can be done twice", async () => {
    const emulator = await startEmulator({ adminKey: KEY });
    await emulator.close();
    await emulator.close();
  });
});

describe("starting the emulator", () => {
  const start = emulators();

  it("fails for a port that is in use, and says so", async () => {
    const port = Number(new URL((await start()).url).port);
    await expect(startEmulator({ adminKey: KEY, port })).rejects.toThrow(
      `Could not listen on 127.0.0.1:${port}: the port is in use.`,
    );
  });

  // Linux has all of 127.0.0.0/8, so that binding to every interface would show; elsewhere there is only ::1 to try.
  it.each(process.platform === "linux" ? ["::1", "127.0.0.2"] : ["::1"])("is not reached at %s", async (address) => {
    const socket = connect(Number(new URL((await start()).url).port), address);
    await expect(once(socket, "connect")).rejects.toThrow(/ECONNREFUSED|EADDRNOTAVAIL|EAFNOSUPPORT/);
  });

  it("frees the first port when the second one is in use", async () => {
    const taken = Number(new URL((await start()).url).port);
    const free = await startEmulator({ adminKey: KEY });
    const port = Number(new URL(free.url).port);
    await free.close();
    await expect(startEmulator({ adminKey: KEY, port, mtlsPort: taken })).rejects.toThrow("the port is in use");
    expect((await start({ port })).url).toBe(`http://127.0.0.1:${port}/v1`);
  });
});
