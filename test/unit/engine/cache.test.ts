import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { alone, cacheFolder, keptRoot, lockFolder } from "../../../tools/engine/cache";
import { until } from "../../support/engineWorld";

describe("the folder that keeps engines", () => {
  test("is the one that the environment names", () => {
    expect(cacheFolder({ PULUMI_OPENAI_ENGINE_CACHE: "/data/engine", XDG_CACHE_HOME: "/xdg" }, "/home/me")).toBe(
      path.resolve("/data/engine"),
    );
  });

  test("is else one for this package in the user's cache folder", () => {
    expect(cacheFolder({ XDG_CACHE_HOME: "/xdg" }, "/home/me")).toBe(path.join("/xdg", "pulumi-openai-certificates"));
    const usual = path.join("/home/me", ".cache", "pulumi-openai-certificates");
    expect(cacheFolder({}, "/home/me")).toBe(usual);
    expect(cacheFolder({ XDG_CACHE_HOME: "relative" }, "/home/me")).toBe(usual);
  });

  test("keeps engines of other versions, systems and origins apart", () => {
    const root = keptRoot("/cache", "build", "3.230.0");
    expect(path.basename(root)).toBe(`build-3.230.0-${process.platform}-${process.arch}`);
    expect(keptRoot("/cache", "download", "3.230.0")).not.toBe(root);
  });
});

describe("runs that make something in it", () => {
  let cache: string;
  const lines: string[] = [];
  const log = (line: string) => void lines.push(line);

  beforeEach(() => {
    cache = mkdtempSync(path.join(tmpdir(), "cache-"));
    lines.splice(0);
  });

  afterEach(() => rmSync(cache, { recursive: true, force: true }));

  test("come one at a time, and say once that they wait", async () => {
    const inside: number[] = [];
    let now = 0;
    const work = async () => {
      inside.push(++now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
    };
    await Promise.all([alone(cache, log, work), alone(cache, log, work), alone(cache, log, work)]);
    expect(inside).toEqual([1, 1, 1]);
    expect(lines).toEqual(Array(2).fill("Waiting for another run, which is getting it already."));
    expect(readdirSync(cache)).toEqual([]);
  });

  test("leave the way free when they fail", async () => {
    await expect(alone(cache, log, () => Promise.reject(new Error("no space")))).rejects.toThrow("no space");
    expect(existsSync(lockFolder(cache))).toBe(false);
  });

  test("go on where the cache was deleted under them, and say so", async () => {
    const done = await alone(cache, log, async () => {
      rmSync(cache, { recursive: true });
      await until(() => lines.length > 0);
      return "done";
    });
    expect(done).toBe("done");
    expect(lines).toEqual([expect.stringMatching(/^The lock of .* was lost: .*ENOENT/)]);
  });
});
