import { Interrupted, interruptible } from "../../../tools/engine/interrupt";

describe("work that can be interrupted", () => {
  const listen = () => {};

  // Somebody else who listens keeps the signal from ending the process that runs the tests.
  beforeEach(() => process.on("SIGHUP", listen));
  afterEach(() => process.off("SIGHUP", listen));

  test("is told, cleans up, and rejects with the signal where somebody else listens too", async () => {
    const listeners = process.listenerCount("SIGHUP");
    let cleaned = false;
    const work = interruptible(async (signal) => {
      try {
        await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      } finally {
        cleaned = true;
        expect(process.listenerCount("SIGHUP")).toBe(listeners + 1);
      }
    });
    process.emit("SIGHUP", "SIGHUP");
    await expect(work).rejects.toThrow(new Interrupted("SIGHUP"));
    expect(cleaned).toBe(true);
    expect(process.listenerCount("SIGHUP")).toBe(listeners);
  });

  test("has the exit code that shells give", () => {
    expect(new Interrupted("SIGINT").exitCode).toBe(130);
    expect(new Interrupted("SIGTERM").exitCode).toBe(143);
  });

  test("leaves no listener behind when it ends by itself", async () => {
    const listeners = process.listenerCount("SIGINT");
    expect(await interruptible(async () => "done")).toBe("done");
    await expect(interruptible(() => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
    expect(process.listenerCount("SIGINT")).toBe(listeners);
  });
});
