#!/usr/bin/env node
import { command as adopt } from "./adopt";
import { type Command, shown, UsageError, WrongOption } from "./command";
import { command as emulator } from "./emulator";
import { command as probe } from "./probe";
import { command as report } from "./report";

const COMMANDS: readonly Command[] = [emulator, report, adopt, probe];

async function main([first, ...argv]: readonly string[]): Promise<number> {
  if (first === "--version" || first === "-V") return print(`${version()}\n`);
  if (first === undefined) return print(overview()) || 2;
  if (isHelp(first) && argv[0] === undefined) return print(overview());
  const name = isHelp(first) ? argv[0] : first;
  const command = COMMANDS.find((one) => one.name === name);
  if (!command) throw new UsageError(`unknown command${shown(name)}; see openai-certificates --help`);
  if (isHelp(first) || argv.some((one) => one === "--help" || one === "-h")) return print(`${command.usage}\n`);
  return command.run(argv).catch((error: Error) => {
    if (error instanceof WrongOption) error.message += `; see openai-certificates ${command.name} --help`;
    throw error;
  });
}

function isHelp(argument: string): boolean {
  return argument === "help" || argument === "--help" || argument === "-h";
}

function print(text: string): 0 {
  process.stdout.write(text);
  return 0;
}

function version(): string {
  return (require("pulumi-openai-certificates/package.json") as { version: string }).version;
}

function overview(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  const lines = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `Usage: openai-certificates COMMAND [options]\n\n${lines.join("\n")}\n\nopenai-certificates COMMAND --help shows its options; openai-certificates --version shows the release.\n`;
}

// A reader that has seen enough, such as `head`, closes its end: the exit code is still the command's own.
process.stderr.on("error", () => undefined);
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") return;
  process.stderr.write(`openai-certificates: standard output cannot be written: ${error.code}\n`);
  process.exit(1);
});

main(process.argv.slice(2)).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: Error) => {
    const exitCode = error instanceof UsageError ? 2 : 1;
    // Other calls may still be under way, and wait for minutes until the API accepts them.
    process.stderr.write(`openai-certificates: ${error.message}\n`, () =>
      process.stdout.write("", () => process.exit(exitCode)),
    );
  },
);
