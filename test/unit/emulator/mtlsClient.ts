import { Agent, request } from "undici";
import type { Emulator, Issued } from "../../../emulator";

/** What a client presents: its chain (leaf first) and its key. */
export type Identity = Pick<Issued, "chain" | "key">;

/** One connection of a client with this identity; each request on it answers "ok" or the status and error code. */
export function connection(emulator: Emulator, identity?: Identity) {
  const own = identity ? { cert: identity.chain, key: identity.key } : {};
  const dispatcher = new Agent({ connections: 1, connect: { ca: emulator.mtlsCa ?? "", ...own } });
  return {
    models: async (headers: Record<string, string> = {}): Promise<string> => {
      const answer = await request(`${emulator.mtlsUrl}/models`, {
        dispatcher,
        headers: { authorization: "Bearer sk-project-key", ...headers },
      });
      // biome-ignore lint/suspicious/noExplicitAny: a success or an error
      const body = (await answer.body.json()) as any;
      return answer.statusCode === 200 ? "ok" : `${answer.statusCode} ${body.error.code}`;
    },
    close: () => dispatcher.close(),
  };
}

/** The same for a single request, on a connection of its own. */
export async function models(
  emulator: Emulator,
  identity?: Identity,
  headers?: Record<string, string>,
): Promise<string> {
  const client = connection(emulator, identity);
  try {
    return await client.models(headers);
  } finally {
    await client.close();
  }
}
