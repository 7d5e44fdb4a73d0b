import type { Engine } from "../../tools/engine";

/** The engine that the end-to-end tests run on, as test/support/globalSetup.js has found it. */
export function testEngine(): Engine {
  const json = process.env["PULUMI_TEST_ENGINE"];
  if (!json) throw new Error("PULUMI_TEST_ENGINE is not set: end-to-end tests run in Jest's project e2e.");
  return JSON.parse(json) as Engine;
}
