/** The results in the order of `items`, `limit` calls of `work` at once. After a failure no further call begins. */
export async function mapBounded<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
  { after }: { readonly after: (done: number) => void },
): Promise<R[]> {
  const results: R[] = [];
  let done = 0;
  // The workers share one generator; a worker that fails closes it for all of them.
  const queue = entries(items);
  const worker = async () => {
    for (const [index, item] of queue) {
      results[index] = await work(item);
      done++;
      after(done);
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}

function* entries<T>(items: readonly T[]): Generator<[number, T]> {
  yield* items.entries();
}
