import { readFileSync } from "node:fs";
import path from "node:path";

export const FIXTURES = path.resolve(__dirname, "../fixtures");

interface StoredResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** The resources in the state that a release has left, such as `release-0.1.0`; see fixture.ts. */
export function resourcesOf(release: string): StoredResource[] {
  const { deployment } = JSON.parse(readFileSync(path.join(FIXTURES, release, "state.json"), "utf8"));
  return (deployment as { resources: StoredResource[] }).resources;
}

/** The `__provider` text that the first release's state holds for a resource type, such as `Certificate`. */
export function pinnedProvider(type: string): string {
  const resource = resourcesOf("release-0.1.0").find((one) => one.type === `pulumi-nodejs:dynamic/openai:${type}`);
  return String(resource?.inputs?.["__provider"]);
}
