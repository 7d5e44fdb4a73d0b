import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { formatTicket, isAbandoned, parseTicket, withLock } from "../../../tools/engine/lock";
import { until } from "../../support/engineWorld";

describe("the lock", () => {
  let folder: string;
  const { signal } = new AbortController();

  beforeEach(() => {
    folder = path.join(mkdtempSync(path.join(tmpdir(), "lock-")), "lock");
    mkdirSync(folder);
  });

  afterEach(() => rmSync(path.dirname(folder), { recursive: true }));

  function putTicket(pid: number, host: string): string {
    const name = formatTicket({ pid, nonce: "00ff", host });
    writeFileSync(path.join(folder, name), "");
    return name;
  }

  async function deadProcess(): Promise<number> {
    const child = spawn(process.execPath, ["-e", ""]);
    await once(child, "exit");
    return child.pid!;
  }

  test("lets one in at a time, whoever comes at once", async () => {
    let inside = 0;
    const most: number[] = [];
    await Promise.all(
      Array.from({ length: 6 }, () =>
        withLock(folder, { signal, onWait: () => {} }, async () => {
          inside += 1;
          await new Promise((resolve) => setImmediate(resolve));
          most.push(inside);
          inside -= 1;
        }),
      ),
    );
    expect(most).toEqual([1, 1, 1, 1, 1, 1]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("names the process that is waited for, and is had when that one is done", async () => {
    const waitedFor: number[] = [];
    let finish = () => {};
    const first = withLock(
      folder,
      { signal, onWait: () => {} },
      () => new Promise<void>((resolve) => (finish = resolve)),
    );
    await until(() => readdirSync(folder).length === 1);
    const second = withLock(folder, { signal, onWait: (pid) => waitedFor.push(pid) }, async () => "done");
    await until(() => waitedFor.length > 0);
    finish();
    await first;
    expect(await second).toBe("done");
    expect(new Set(waitedFor)).toEqual(new Set([process.pid]));
  });

  test("is given back when the work fails", async () => {
    const failing = withLock(folder, { signal, onWait: () => {} }, () => Promise.reject(new Error("no space")));
    await expect(failing).rejects.toThrow("no space");
    expect(readdirSync(folder)).toEqual([]);
  });

  test("is taken over from a process that is dead, without waiting", async () => {
    putTicket(await deadProcess(), hostname());
    const onWait = jest.fn();
    expect(await withLock(folder, { signal, onWait }, async () => readdirSync(folder).length)).toBe(1);
    expect(onWait).not.toHaveBeenCalled();
  });

  test("is taken over from one that has shown no life for long, though its process id is in use", async () => {
    const name = putTicket(process.pid, hostname());
    const longAgo = new Date(Date.now() - 3_600_000);
    utimesSync(path.join(folder, name), longAgo, longAgo);
    expect(await withLock(folder, { signal, onWait: () => {} }, async () => "mine")).toBe("mine");
  });

  test("is kept by one that shows life, for as long as its work takes", async () => {
    const longAgo = new Date(Date.now() - 3_600_000);
    await withLock(folder, { signal, onWait: () => {}, beatMs: 10 }, async () => {
      const ticket = path.join(folder, readdirSync(folder)[0]!);
      utimesSync(ticket, longAgo, longAgo);
      await until(() => statSync(ticket).mtimeMs > longAgo.getTime() + 1_000);
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  test("is not waited for any longer when the run is interrupted", async () => {
    putTicket(process.pid, hostname());
    const controller = new AbortController();
    const work = jest.fn();
    const waiting = withLock(folder, { signal: controller.signal, onWait: () => controller.abort() }, work);
    await expect(waiting).rejects.toThrow("aborted");
    expect(work).not.toHaveBeenCalled();
    expect(readdirSync(folder)).toHaveLength(1);
  });
});

describe("a ticket", () => {
  test("tells its process, also on a host with dots in its name", () => {
    const ticket = { pid: 4711, nonce: "00ff", host: "build-7.example.org" };
    expect(parseTicket(formatTicket(ticket))).toEqual(ticket);
    expect(parseTicket(".DS_Store")).toBeUndefined();
  });

  test.each([
    ["of a running process", "here", true, 0, false],
    ["of a dead process", "here", false, 0, true],
    ["of a process that is silent for too long", "here", true, 1001, true],
    ["of another host, whose process ids mean nothing here", "there", false, 0, false],
    ["of another host that is silent for too long", "there", false, 1001, true],
  ])("%s: abandoned or not", (_, host, running, silentMs, expected) => {
    const here = { host: "here", isRunning: () => running, lostMs: 1000 };
    expect(isAbandoned({ pid: 1, nonce: "00", host }, silentMs, here)).toBe(expected);
  });
});
