import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { collect } from "../../../tools/messages/collect";
import { ROOT, readDocument } from "../../support/documents";

const entries = [...readDocument("docs/troubleshooting.md").matchAll(/^### `(.+)`$/gm)].map(
  ([, message = ""]) => message,
);

/** Every text that the package can put together, with placeholders for what it puts in. */
const texts = collect(ROOT).flatMap((source) => source.texts);

function filesBelow(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

describe("troubleshooting", () => {
  it.each(entries)("%s is a message of this package", (message) => {
    const fixed = message.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const pattern = new RegExp(fixed.join(".*"));
    expect(texts.some((text) => pattern.test(text))).toBe(true);
  });

  it("has an entry for every refusal of an active set", () => {
    const refusals = readDocument("provider/activation/refusals.ts");
    expect(entries.length).toBeGreaterThan(30);
    for (const opening of [
      "this exclusive activation would deactivate",
      "after this change nothing would be active in",
      "certificateIds names",
    ]) {
      expect(refusals).toContain(opening);
      expect(entries.some((entry) => entry.startsWith(opening))).toBe(true);
    }
  });

  it("names the API's codes as the emulator answers them", () => {
    const [, table = ""] = readDocument("docs/troubleshooting.md").split("## The API's codes");
    const codes = [...table.matchAll(/`(\w+)`/g)].map(([, code = ""]) => code);
    expect(codes.length).toBeGreaterThan(5);
    const emulator = filesBelow("emulator")
      .map((file) => readFileSync(file, "utf8"))
      .join();
    expect(codes.filter((code) => !emulator.includes(code))).toEqual([]);
  });
});
