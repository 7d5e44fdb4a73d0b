import type { RecordedRequest } from "pulumi-openai-certificates/emulator";

const KINDS: readonly (readonly [RegExp, string, string])[] = [
  [/^GET .*\/certificates$/, "list call", "list calls"],
  [/^GET /, "read", "reads"],
  [/^POST .*\/certificates$/, "upload", "uploads"],
  [/^POST .*\/activate$/, "activation", "activations"],
  [/^POST .*\/deactivate$/, "deactivation", "deactivations"],
  [/^POST /, "rename", "renames"],
  [/^DELETE /, "deletion", "deletions"],
];

const line = ({ method, path }: RecordedRequest) => `${method} ${path}`;

/** `15 API calls: 1 list call, 12 uploads, 2 activations`. */
export function countCalls(requests: readonly RecordedRequest[]): string {
  const counts = KINDS.map(() => 0);
  for (const request of requests) {
    const kind = KINDS.findIndex(([pattern]) => pattern.test(line(request)));
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  const parts = KINDS.flatMap(([, one, many], kind) => {
    const count = counts[kind] ?? 0;
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  });
  const total = `${requests.length} API ${requests.length === 1 ? "call" : "calls"}`;
  return parts.length === 0 ? total : `${total}: ${parts.join(", ")}`;
}

/** The calls in their order, one a line. */
export function listCalls(requests: readonly RecordedRequest[]): string {
  return requests.map((request, index) => `  ${index + 1}. ${line(request)}`).join("\n");
}
