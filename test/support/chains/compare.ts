import { X509Certificate } from "node:crypto";
import { judgePresented, type Rule } from "../../../provider/clients";
import { judge as oracle } from "../clients/oracle";
import { type Generated, generate } from "./generate";
import type { Judge } from "./judges";

/** What came of one chain: `ours` is undefined where it was accepted, and so are the others' reasons. */
export interface Outcome {
  readonly defects: readonly string[];
  readonly ours: { readonly rule: Rule; readonly reason: string } | undefined;
  readonly others: Readonly<Record<string, string | undefined>>;
}

export interface Comparison {
  readonly outcomes: readonly Outcome[];
  /** Accepted here and refused by somebody: there must be none. */
  readonly unsafe: readonly Outcome[];
  /** Without a defect and refused here: there must be none. */
  readonly unsound: readonly Outcome[];
  /** Refused here and accepted by all others, counted by the rule that refused it. */
  readonly stricter: Readonly<Partial<Record<Rule, number>>>;
}

/** Judges generated chains here, by the emulator's former verifier, and by the other verifiers that there are. */
export async function compare(
  count: number,
  seed: number,
  judges: Readonly<Record<string, Judge>>,
): Promise<Comparison> {
  const now = new Date(Math.floor(Date.now() / 1000) * 1000);
  const chains = generate(count, seed, now);
  const names = Object.keys(judges);
  const reasons = await Promise.all(names.map((name) => judges[name]!(chains)));
  const outcomes = chains.map((chain, i): Outcome => {
    const others = names.map((name, k) => [name, reasons[k]![i]] as const);
    const simple = oracleOf(chain);
    return {
      defects: chain.defects,
      ours: oursOf(chain),
      others: Object.fromEntries([...others, ["oracle", simple === "accepted" ? undefined : simple] as const]),
    };
  });
  const isRefused = (outcome: Outcome) => Object.values(outcome.others).some((reason) => reason !== undefined);
  const stricter: Partial<Record<Rule, number>> = {};
  for (const { ours } of outcomes.filter((outcome) => outcome.ours && !isRefused(outcome))) {
    stricter[ours!.rule] = (stricter[ours!.rule] ?? 0) + 1;
  }
  return {
    outcomes,
    unsafe: outcomes.filter((outcome) => !outcome.ours && isRefused(outcome)),
    unsound: outcomes.filter(({ defects, ours }) => defects.length === 0 && ours),
    stricter,
  };
}

function oursOf({ chain, anchors, at }: Generated): Outcome["ours"] {
  const presented = read(chain);
  if (!presented) return { rule: "encoding", reason: "OpenSSL cannot read one of its certificates" };
  const contents = anchors.flatMap((pem, i) => (read([pem]) ? [{ id: `cert_${i}`, name: null, pem }] : []));
  const judgement = judgePresented(presented, contents, at);
  return judgement.accepted ? undefined : judgement;
}

function oracleOf({ chain, anchors, at }: Generated): string {
  const presented = read(chain);
  if (!presented) return "unreadable";
  return oracle(
    presented,
    anchors.flatMap((pem) => read([pem]) ?? []),
    at,
  );
}

/** Undefined where Node's OpenSSL cannot read one of them: parsing of required clients and uploads refuses those. */
function read(pems: readonly string[]): X509Certificate[] | undefined {
  try {
    return pems.map((pem) => new X509Certificate(pem));
  } catch {
    return undefined;
  }
}
