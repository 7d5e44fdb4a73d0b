import { isNotFound } from "../api/errors";
import type { ListedCertificate } from "../api/wire";
import { PartialFailure, ProviderError } from "../errors";
import {
  type CheckAnswer,
  type CheckFailure,
  type DiffAnswer,
  type Lifecycle,
  type Properties,
  refusal,
} from "../lifecycle";
import type { Session } from "../session";
import { isUnknown } from "../unknown";
import { apply, Interrupted } from "./apply";
import { clientProblems, lockOuts } from "./clientGate";
import { explain } from "./explain";
import { activationInputs, canonicalActivation, hasUnknown, shapeProblems } from "./inputs";
import { isEmpty, type Plan, plan, type Situation } from "./plan";
import { refusals } from "./refusals";
import { type Scope, scopeOf } from "./scope";

/** What tells an organization's activation from a project's. */
export interface ScopeKind {
  /** Properties that name the scope: a change of one is another scope, so a replacement. */
  readonly properties: readonly string[];
  /** Wrong types of those properties. */
  problems(news: Properties): CheckFailure[];
  projectId(props: Properties): string | undefined;
  /** The properties that an activation's id stands for, where nothing else is known of it. */
  identity(id: string): Properties;
}

/** The lifecycle of an active set: observe, plan, refuse or apply, observe. */
export function activationLifecycle(session: () => Session, kind: ScopeKind): Lifecycle {
  const scope = (props: Properties): Scope =>
    scopeOf(session().organization(props["organization"] as string | undefined), kind.projectId(props));
  return {
    check: (olds, news) => check(session(), kind, scope, olds, news),

    async diff(_id, olds, news) {
      const replaces = kind.properties.filter((property) => olds[property] !== news[property]);
      if (replaces.length > 0) {
        return { changes: true, replaces, deleteBeforeReplace: false };
      }
      return hasUnknown(news) ? { changes: true } : diff(scope(news), olds, news);
    },

    async create(news) {
      const { id } = scope(news);
      return { id, outs: await reconcile(session(), scope(news), {}, news) };
    },

    async update(_id, olds, news) {
      return { outs: await reconcile(session(), scope(news), olds, news) };
    },

    async read(id, props) {
      const at = { ...kind.identity(id), ...props };
      try {
        const observed = toState(at, await scope(at).look());
        return { id, props: observed, inputs: observed };
      } catch (error) {
        // Only a project can be gone; the organization's list has no 404.
        if (isNotFound(error)) {
          return {};
        }
        throw error;
      }
    },

    delete: (_id, props) => remove(session(), scope(props), props),
  };
}

async function check(
  session: Session,
  kind: ScopeKind,
  scopeOfProps: (props: Properties) => Scope,
  olds: Properties,
  news: Properties,
): Promise<CheckAnswer> {
  const failures = [...kind.problems(news), ...shapeProblems(news)];
  if (failures.length > 0) {
    return { inputs: news, failures };
  }
  const inputs = canonicalActivation(news);
  const clients = clientProblems(activationInputs(inputs).requiredClients);
  if (clients.length > 0) {
    return { inputs, failures: clients.map(refusal) };
  }
  if (kind.properties.some((property) => isUnknown(news[property]))) {
    return { inputs, failures: [] };
  }
  const problem = session.problem(news["organization"] as string | undefined);
  if (problem !== undefined) {
    return { inputs, failures: [refusal(problem)] };
  }
  const scope = scopeOfProps(news);
  const sameScope = kind.properties.every((property) => olds[property] === news[property]);
  const judged = await judge(session, scope, sameScope ? olds : {}, inputs, await lookFor(scope, inputs));
  if (judged.refused.length > 0) {
    return { inputs, failures: judged.refused.map(refusal) };
  }
  for (const id of activationInputs(inputs).wanted) {
    scope.held.add(id);
  }
  if (judged.text !== undefined) {
    session.log.info(judged.text);
  }
  return { inputs, failures: [] };
}

/** The shared look, unless it misses a wanted certificate: that may have been uploaded since, also by another stack. */
async function lookFor(scope: Scope, inputs: Properties): Promise<ListedCertificate[]> {
  const listed = await scope.look();
  const there = new Set(listed.map(({ id }) => id));
  return activationInputs(inputs).wanted.every((id) => there.has(id)) ? listed : scope.lookAgain();
}

interface Judged {
  readonly plan: Plan;
  readonly refused: string[];
  readonly text: string | undefined;
}

/** Plans, and says what the plan does or why it must not be carried out. `olds` is empty on create. */
async function judge(
  session: Session,
  scope: Scope,
  olds: Properties,
  news: Properties,
  listed: readonly ListedCertificate[],
): Promise<Judged> {
  const { organization, label } = scope;
  const inputs = activationInputs(news);
  const pending = [...organization.pendingUploads.values()];
  // An id that is unknown in preview may turn out to be one that a Certificate of this run adopts.
  const adopted = inputs.unknown === 0 ? [] : [...organization.pendingAdoptions];
  const situation: Situation = {
    wanted: inputs.wanted,
    unknown: inputs.unknown,
    live: listed.filter(({ active }) => active),
    exclusive: inputs.exclusive,
    ignored: [...inputs.ignored, ...adopted],
    managed: managedBy(olds),
    held: [...scope.held],
  };
  const planned = plan(situation);
  const explained = { situation, plan: planned, listed, label, pending, now: session.clock.now() };
  const refused = refusals({
    situation,
    plan: planned,
    listed,
    label,
    takeOver: inputs.takeOver || isUnknown(news["takeOver"]),
    allowEmpty: inputs.allowEmpty || isUnknown(news["allowEmpty"]),
    wasExclusive: situation.managed !== undefined && olds["exclusive"] !== false,
    unexplained: Math.max(0, inputs.unknown - pending.length - adopted.length),
  });
  if (refused.length === 0) {
    refused.push(...(await lockOuts(session, scope, inputs, planned, listed)));
  }
  return { plan: planned, refused, text: explain(explained) };
}

function managedBy(olds: Properties): string[] | undefined {
  const ids = olds["certificateIds"];
  return Array.isArray(ids) ? ids : undefined;
}

async function diff(scope: Scope, olds: Properties, news: Properties): Promise<DiffAnswer> {
  const listed = await scope.look();
  const { wanted, exclusive, ignored } = activationInputs(news);
  const situation = {
    wanted,
    unknown: 0,
    live: listed.filter(({ active }) => active),
    exclusive,
    ignored,
    managed: managedBy(olds),
    held: [...scope.held],
  };
  const state = toState(news, listed);
  return { changes: !isEmpty(plan(situation)) || !isSame(state, olds) };
}

async function reconcile(session: Session, scope: Scope, olds: Properties, news: Properties): Promise<Properties> {
  const listed = await scope.lookToDecide();
  const judged = await judge(session, scope, olds, news, listed);
  if (judged.refused.length > 0) {
    throw new ProviderError(judged.refused.join("\n"));
  }
  for (const id of activationInputs(news).wanted) {
    scope.held.add(id);
  }
  try {
    const active = await apply(scope, judged.plan, activeIds(listed));
    return toState(news, withActive(listed, active));
  } catch (error) {
    if (error instanceof Interrupted) {
      throw new PartialFailure(scope.id, toState(news, withActive(listed, error.active)), error.cause);
    }
    throw error;
  }
}

async function remove(session: Session, scope: Scope, props: Properties): Promise<void> {
  const listed = await scope.lookToDecide();
  const inputs = { ...activationInputs(props), wanted: [], exclusive: false };
  const planned = plan({
    ...inputs,
    unknown: 0,
    live: listed.filter(({ active }) => active),
    managed: managedBy(props),
    held: [...scope.held],
  });
  if (isEmpty(planned)) {
    return;
  }
  const locked = await lockOuts(session, scope, inputs, planned, listed);
  if (locked.length > 0) {
    throw new ProviderError(
      `${locked.join("\n")}. To delete the activation all the same, take requiredClients out of it first`,
    );
  }
  try {
    await apply(scope, planned, activeIds(listed));
  } catch (error) {
    throw error instanceof Interrupted ? error.cause : error;
  }
  if (planned.enforcement === "turns off") {
    session.log.warn(`nothing is active in ${scope.label} any more: mTLS is not enforced there`);
  }
}

/** What state holds: the inputs, with the set as it was observed. No output lists what others manage. */
function toState(news: Properties, listed: readonly ListedCertificate[]): Properties {
  const { wanted, exclusive, ignored } = activationInputs(news);
  const mine = new Set(exclusive ? listed.map(({ id }) => id).filter((id) => !ignored.includes(id)) : wanted);
  const observed = listed.filter(({ id, active }) => active && mine.has(id)).map(({ id }) => id);
  return { ...news, certificateIds: observed.sort() };
}

function withActive(listed: readonly ListedCertificate[], active: ReadonlySet<string>): ListedCertificate[] {
  return listed.map((certificate) => ({ ...certificate, active: active.has(certificate.id) }));
}

function activeIds(listed: readonly ListedCertificate[]): Set<string> {
  return new Set(listed.filter(({ active }) => active).map(({ id }) => id));
}

/** Whether two states are the same but for the provider that the engine keeps with them. */
function isSame(one: Properties, other: Properties): boolean {
  const { __provider: _, ...a } = one;
  const { __provider: __, ...b } = other;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => JSON.stringify(a[key]) === JSON.stringify(b[key]));
}
