/**
 * An error meant for the user: its message says what was tried, on what, what came back and what to do.
 *
 * Pulumi's dynamic provider process prints `${error}: ${error.stack}` for errors of check, diff, read and delete
 * (@pulumi/pulumi cmd/dynamic-provider). A stack without frames and a short `toString` keep that to the message itself.
 */
export class ProviderError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.stack = message;
  }

  override toString(): string {
    return "pulumi-openai-certificates";
  }
}

/**
 * A create or update that stopped half way. The engine keeps `properties` in state when an error carries `id`,
 * `properties` and `reasons`; it drops `__provider` unless `properties` hold every input, so they always do.
 */
export class PartialFailure extends ProviderError {
  readonly reasons: string[];

  constructor(
    readonly id: string,
    readonly properties: Record<string, unknown>,
    cause: Error,
  ) {
    super(cause.message, { cause });
    this.reasons = [cause.message];
  }
}
