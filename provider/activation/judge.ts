import type { ListedCertificate } from "../api/wire";
import type { Properties } from "../lifecycle";
import type { Session } from "../session";
import { isUnknown } from "../unknown";
import { bridge } from "./bridge";
import { lockOuts } from "./clientGate";
import { explain, explainUndecided } from "./explain";
import { type ActivationInputs, activationInputs } from "./inputs";
import { neighboursOf } from "./neighbours";
import { type Plan, plan } from "./plan";
import { missing, refusals } from "./refusals";
import type { Scope } from "./scope";
import { type Seen, situationOf } from "./situation";

export interface Judged {
  readonly plan: Plan;
  /** Why the plan must not be carried out; empty where it may be. */
  readonly refused: readonly string[];
  /** What the plan does, for the user; undefined where there is nothing to say. */
  readonly text: string | undefined;
}

/** Plans, and says what the plan does or why it must not be carried out. `olds` is empty on create. */
export async function judge(
  session: Session,
  scope: Scope,
  olds: Properties,
  news: Properties,
  listed: readonly ListedCertificate[],
): Promise<Judged> {
  const inputs = activationInputs(news);
  const situation = situationOf(scope, inputs, olds, listed);
  const planned = plan(situation);
  const { label, inProject } = scope;
  const seen = { situation, plan: planned, listed, label, inProject, now: session.clock.now() };
  if (inputs.undecided.length > 0) {
    const absent = missing(seen);
    return {
      plan: planned,
      refused: absent === undefined ? [] : [absent],
      text: explainUndecided(label, inputs.undecided),
    };
  }
  remember(scope, inputs, situation, planned);
  const refused = refusals({
    ...seen,
    takeOver: inputs.takeOver || isUnknown(news["takeOver"]),
    allowEmpty: inputs.allowEmpty || isUnknown(news["allowEmpty"]),
  });
  // With ids from elsewhere still unknown, any client may turn out to be accepted; the run itself asks again.
  if (refused.length > 0 || situation.unexplained > 0) {
    return { plan: planned, refused, text: explain(seen) };
  }
  const proposed = { inputs, plan: planned, unknown: situation.unknown, listed };
  const locked = await lockOuts(session, scope, proposed);
  const bridged = locked.length > 0 ? { plan: planned } : await bridge(session, scope, proposed);
  return "refused" in bridged
    ? { plan: planned, refused: [bridged.refused], text: undefined }
    : { plan: bridged.plan, refused: locked, text: explain(seen) };
}

/** Tells the organization's activation and those of projects without a set of their own of one another. */
function remember({ id, inProject, organization }: Scope, inputs: ActivationInputs, seen: Seen, planned: Plan): void {
  const neighbours = neighboursOf(organization);
  if (!inProject) {
    neighbours.planned = inputs.exclusive && seen.unknown === 0 ? planned.after : undefined;
  } else if (seen.unknown === 0 && planned.after.length === 0) {
    neighbours.relying.set(id, inputs.requiredClients);
  } else {
    neighbours.relying.delete(id);
  }
}
