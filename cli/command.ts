import { type ParseArgsConfig, parseArgs } from "node:util";

/** One command of `openai-certificates`, in a file of its own. */
export interface Command {
  readonly name: string;
  /** One line for the overview. */
  readonly summary: string;
  /** What `--help` prints. */
  readonly usage: string;
  /** Answers the exit code. Throws a UsageError for wrong arguments, any other Error for what failed. */
  run(argv: readonly string[]): Promise<number>;
}

/** Wrong arguments: one line for the user, exit code 2. */
export class UsageError extends Error {
  override readonly name: string = "UsageError";
}

/** An option that the command does not have, or one without its value: `--help` tells which there are. */
export class WrongOption extends UsageError {
  override readonly name = "WrongOption";
}

type Options = NonNullable<ParseArgsConfig["options"]>;
type Config<T extends Options> = { args: string[]; options: T; strict: true };
type Values<T extends Options> = ReturnType<typeof parseArgs<Config<T>>>["values"];

/** The values of a command's options; a UsageError for an unknown option, a stray argument or an empty value. */
export function parseOptions<T extends Options>(argv: readonly string[], options: T): Values<T> {
  const values = parsed(argv, options);
  // Of a variable that is not set, mostly: no option takes it for anything.
  const empty = Object.entries(values).find(([, value]) => [value].flat().includes(""));
  if (empty) throw new WrongOption(`--${empty[0]} is given without a value`);
  return values;
}

function parsed<T extends Options>(argv: readonly string[], options: T): Values<T> {
  try {
    return parseArgs<Config<T>>({ args: [...argv], options, strict: true }).values;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL") throw new WrongOption(`unexpected argument${NOT_REPEATED}`);
    if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION")
      throw new WrongOption(`Unknown option${shown(/'([^']*)'/.exec(message)?.[1])}`);
    // What follows the first sentence is advice about this function's own arguments.
    throw new WrongOption(message.split(/\.\s/)[0]);
  }
}

const NOT_REPEATED = " (not repeated here, since it may be a key)";

/** Repeated only where it can be nothing but a mistyped word: it could be a key whose option was forgotten. */
export function shown(argument: string | undefined): string {
  const isWord = argument !== undefined && /^[a-z-]{1,20}$/.test(argument) && !argument.includes("sk-");
  return isWord ? ` '${argument}'` : NOT_REPEATED;
}

/** A whole number in a range, or a UsageError that names the option. */
export function integerOption(
  name: string,
  text: string,
  range: { readonly min: number; readonly max: number },
): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= range.min && value <= range.max) return value;
  throw new UsageError(`--${name} takes a whole number from ${range.min} to ${range.max}`);
}

/** A number of days such as `30` or `30d`, or a UsageError that names the option. */
export function daysOption(name: string, text: string): number {
  const [, days] = /^(\d{1,5})d?$/.exec(text) ?? [];
  if (days !== undefined) return Number(days);
  throw new UsageError(`--${name} takes a number of days, such as 30`);
}
