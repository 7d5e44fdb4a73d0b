/** Lines for the user. What the provider process writes appears as messages under the stack in Pulumi's output. */
export interface Log {
  info(line: string): void;
  warn(line: string): void;
}

/** Each line once per process: check runs again for a replacement, and several resources may have the same to say. */
export function consoleLog(): Log {
  const said = new Set<string>();
  const once = (line: string, write: (line: string) => void) => {
    if (!said.has(line)) {
      said.add(line);
      write(line);
    }
  };
  return {
    info: (line) => once(line, (text) => process.stdout.write(`${text}\n`)),
    warn: (line) => once(`warning: ${line}`, (text) => process.stderr.write(`${text}\n`)),
  };
}
