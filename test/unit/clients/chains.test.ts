import type { Rule } from "../../../provider/clients";
import { type Comparison, compare } from "../../support/chains/compare";
import { DEFECTS } from "../../support/chains/defects";
import { goX509, type Judge, openSsl } from "../../support/chains/judges";

/** A few hundred here; `npm run chains` plays thousands. */
const CHAINS = 220;
const SEED = 20261127;
/** CI has both other verifiers and says so, so that none is left out there without anybody noticing. */
const REQUIRED = process.env["CHAIN_JUDGES"] === "required";

/** Why chains are refused here that OpenSSL, Go and the oracle all accept, by rule. Any other rule is a surprise. */
const STRICTER: Partial<Record<Rule, string>> = {
  key: "openssl verify has no lower limit for keys, and Go's is 1024 bits; TLS servers and webpki demand 2048",
  "basic-constraints": "webpki refuses an authority as a client",
  "extended-key-usage": "the API demands clientAuth, where verifiers take none for all",
  extensions: "webpki does not know policies, Go only checks them where one is demanded",
  namesake: "verifiers prefer the anchor that holds; the guide says that one which fails can fail the request",
  order: "verifiers look for an issuer in the whole chain; TLS 1.2 demands the order",
  "name-constraints": "webpki compares DNS names and addresses only",
  validity: "an expired generation of the anchor comes first in the search",
};

describe("generated client chains", () => {
  const candidates: Readonly<Record<string, Judge | undefined>> = { openssl: openSsl(), go: goX509() };
  const judges = Object.fromEntries(
    Object.entries(candidates).flatMap(([name, judge]) => (judge ? [[name, judge]] : [])),
  );
  let comparison: Comparison;
  beforeAll(async () => {
    comparison = await compare(CHAINS, SEED, judges);
    // Go compiles its library first where it never has.
  }, 300_000);

  for (const [name, judge] of Object.entries(candidates)) {
    (judge || REQUIRED ? it : it.skip)(`are judged by ${name}, too`, () => expect(judge).toBeDefined());
  }

  it(`are never accepted here and refused by another verifier (${["the oracle", ...Object.keys(judges)].join(", ")})`, () => {
    expect(comparison.unsafe).toEqual([]);
  });

  it("are accepted by everybody where there is nothing wrong with them", () => {
    const sound = comparison.outcomes.filter(({ defects }) => defects.length === 0);
    expect(sound.length).toBeGreaterThan(CHAINS / 20);
    expect(sound.filter(({ ours, others }) => ours || Object.values(others).some(Boolean))).toEqual([]);
  });

  it("have all kinds of defects, many of which some verifier refuses", () => {
    const seen = new Set(comparison.outcomes.flatMap(({ defects }) => defects));
    expect(DEFECTS.map(({ title }) => title).filter((title) => !seen.has(title))).toEqual([]);
    const refused = comparison.outcomes.filter(({ others }) => Object.values(others).some(Boolean));
    expect(refused.length).toBeGreaterThan(CHAINS / 4);
  });

  const isComplete = Object.keys(judges).length === Object.keys(candidates).length;
  (isComplete ? it : it.skip)("are refused where all others accept them for known reasons only", () => {
    expect(Object.keys(comparison.stricter).filter((rule) => !(rule in STRICTER))).toEqual([]);
  });
});
