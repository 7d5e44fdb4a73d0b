/**
 * `npm run sdks [-- LANGUAGE…]`: writes SDKs of the native plugin to sdks/, by Pulumi's own generators. Needs Go, which builds
 * the generators into the user's cache once (a few minutes). .NET and Java have generators in repositories of their own:
 * `pulumi package gen-sdk --language dotnet dist-plugin/schema.json` uses the ones that are installed.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { cacheFolder, filled } from "../engine/cache";
import { logToStderr } from "../engine/log";
import { OUTPUT } from "./bundle";

const ROOT = path.resolve(__dirname, "../..");
const SOURCES = path.join(__dirname, "sdks");

const run = promisify(execFile);

export const LANGUAGES = ["python", "go", "nodejs"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Writes the SDK for a language into a folder, from the schema of the built plugin. */
export async function generateSdk(language: Language, folder: string): Promise<void> {
  await run(await ensureGenerator(), [path.join(OUTPUT, "schema.json"), language, folder]);
}

/** What an SDK is made from, as a short text: the generators and the schema. */
export function sdkSources(): string {
  return hashOf([...GENERATOR, path.join(OUTPUT, "schema.json")]);
}

const GENERATOR = ["go.mod", "go.sum", "main.go"].map((file) => path.join(SOURCES, file));

function hashOf(files: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of files) {
    hash.update(readFileSync(file));
  }
  return hash.digest("hex").slice(0, 16);
}

/** The generators as a program, kept by what they are built from. */
export async function ensureGenerator(): Promise<string> {
  const file = process.platform === "win32" ? "sdks.exe" : "sdks";
  const cache = cacheFolder(process.env, homedir());
  const folder = await filled(cache, `sdk-generators-${hashOf(GENERATOR)}`, logToStderr, (fresh) =>
    run("go", ["build", "-o", path.join(fresh, file), "."], { cwd: SOURCES }),
  );
  return path.join(folder, file);
}

async function main(asked: readonly string[]): Promise<void> {
  for (const language of asked.length > 0 ? asked : LANGUAGES) {
    const known = LANGUAGES.find((one) => one === language);
    if (known === undefined) {
      throw new Error(`there is no generator for ${language} here; there is ${LANGUAGES.join(", ")}`);
    }
    const folder = path.join(ROOT, "sdks", known);
    await generateSdk(known, folder);
    process.stdout.write(`${folder}\n`);
  }
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
