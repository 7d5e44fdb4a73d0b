import { PartialFailure } from "../../../provider/errors";
import type { Lifecycle, Properties } from "../../../provider/lifecycle";
import type { Stored } from "./state";

/** What state holds in place of the provider. */
export const PROVIDER = "require the package";

interface Written {
  readonly id: string;
  readonly outputs: Properties;
  /** Why it stopped half way. */
  readonly failed?: string;
}

/** Creates, or updates what is there. */
export async function write(lifecycle: Lifecycle, news: Properties, old: Stored | undefined): Promise<Written> {
  const done = (id: string, outs: Properties) => ({ id, outputs: { ...struct(outs), __provider: PROVIDER } });
  try {
    if (old !== undefined) {
      return done(old.id, (await lifecycle.update(old.id, plain(old.outputs), plain(news))).outs);
    }
    const { id, outs } = await lifecycle.create(plain(news));
    return done(id, outs);
  } catch (error) {
    if (error instanceof PartialFailure) {
      // The provider process packs these as they are, so `__provider` is lost unless they hold it.
      return { id: error.id, outputs: struct(error.properties), failed: error.reasons.join("\n") };
    }
    throw error;
  }
}

/** What arrives on the other side of the engine's protocol: undefined properties are left out. */
export function plain(properties: Properties): Properties {
  return JSON.parse(JSON.stringify(properties)) as Properties;
}

/** What a provider may return: the protocol's struct has no undefined. */
export function struct(properties: Properties): Properties {
  JSON.stringify(properties, (key, value: unknown) => {
    if (value === undefined) {
      throw new Error(`Unexpected struct type at ${key}`);
    }
    return value;
  });
  return plain(properties);
}
