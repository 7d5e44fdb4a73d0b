#!/usr/bin/env node
import { command as adopt } from "./adopt";
import { type Command, UsageError } from "./command";
import { command as emulator } from "./emulator";
import { command as probe } from "./probe";
import { command as report } from "./report";

const COMMANDS: readonly Command[] = [emulator, report, adopt, probe];

async function main([name, ...argv]: readonly string[]): Promise<number> {
  if (name === undefined || name === "--help" || name === "-h") {
    process.stdout.write(overview());
    return name === undefined ? 2 : 0;
  }
  const command = COMMANDS.find((one) => one.name === name);
  if (!command) throw new UsageError(`unknown command '${name}'; see openai-certificates --help`);
  if (argv.includes("--help") || argv.includes("-h")) {
    process.stdout.write(`${command.usage}\n`);
    return 0;
  }
  return command.run(argv);
}

function overview(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  const lines = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `Usage: openai-certificates COMMAND [options]\n\n${lines.join("\n")}\n\nopenai-certificates COMMAND --help tells more.\n`;
}

main(process.argv.slice(2)).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: Error) => {
    process.stderr.write(`openai-certificates: ${error.message}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);
