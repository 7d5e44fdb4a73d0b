import { ProviderError } from "./errors";

/** The properties of a resource as Pulumi hands them over: plain values, unknown ones as a sentinel, `__provider` among them. */
export type Properties = Record<string, unknown>;

export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

export interface CheckAnswer {
  readonly inputs: Properties;
  readonly failures: CheckFailure[];
}

export interface DiffAnswer {
  readonly changes: boolean;
  readonly replaces?: string[];
  readonly deleteBeforeReplace?: boolean;
}

/** `{}` means that the resource is gone. */
export interface ReadAnswer {
  readonly id?: string;
  readonly props?: Properties;
  readonly inputs?: Properties;
}

/** One resource type's lifecycle, in the shape that `@pulumi/pulumi`'s dynamic provider process calls. */
export interface Lifecycle {
  check(olds: Properties, news: Properties): Promise<CheckAnswer>;
  diff(id: string, olds: Properties, news: Properties): Promise<DiffAnswer>;
  create(inputs: Properties): Promise<{ id: string; outs: Properties }>;
  read(id: string, props: Properties): Promise<ReadAnswer>;
  update(id: string, olds: Properties, news: Properties): Promise<{ outs: Properties }>;
  delete(id: string, props: Properties): Promise<void>;
  /**
   * What is known of a resource before it is created, or with `olds` before it is updated; for engines that ask in preview,
   * which the dynamic provider does not.
   */
  preview(inputs: Properties, olds?: Properties): Promise<{ id?: string; outs: Properties }>;
}

/**
 * A refusal of check. The engine prints the offending value next to a failure that names its property (pkg/resource/deploy,
 * issueCheckFailures); that value could be a private key, so the reason names the property instead.
 */
export function refusal(reason: string): CheckFailure {
  return { property: "", reason };
}

/**
 * A check whose failed calls are failures of the resource. Thrown, such an error would be printed a second time, by the
 * dynamic provider process (@pulumi/pulumi cmd/dynamic-provider).
 */
export async function refusing(news: Properties, check: () => Promise<CheckAnswer>): Promise<CheckAnswer> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof ProviderError)) {
      throw error;
    }
    return { inputs: news, failures: [refusal(error.message)] };
  }
}
