import { isNotFound } from "../api/errors";
import type { ListedCertificate } from "../api/wire";
import { PartialFailure, ProviderError } from "../errors";
import {
  type CheckAnswer,
  type CheckFailure,
  type DiffAnswer,
  type Lifecycle,
  type Properties,
  type ReadAnswer,
  refusal,
  refusing,
} from "../lifecycle";
import type { Session } from "../session";
import { isUnknown } from "../unknown";
import { apply, Interrupted } from "./apply";
import { clientProblems } from "./clientGate";
import { defend, takesFromOthers } from "./defend";
import { activationInputs, canonicalActivation, hasUnknown, shapeProblems } from "./inputs";
import { judge } from "./judge";
import { neighboursOf } from "./neighbours";
import { warnOfOthers } from "./others";
import { isEmpty } from "./plan";
import { existsAny } from "./refusals";
import { announceLeaving, remove } from "./removal";
import { type Scope, scopeOf } from "./scope";
import { activeIds, isExclusive, isSame, managedBy, toPartialState, toState, withActive } from "./state";

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
    check: (olds, news) => refusing(news, () => check(session(), kind, scope, olds, news)),

    async diff(_id, olds, news) {
      const replaces = kind.properties.filter((property) => olds[property] !== news[property]);
      if (replaces.length === 0) {
        return diff(session(), scope(news), olds, news);
      }
      if (session().problem(olds["organization"] as string | undefined) === undefined) {
        await announceLeaving(session(), scope(olds), olds);
      }
      return { changes: true, replaces, deleteBeforeReplace: false };
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
        return await observe(session(), scope(at), id, at);
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
  const isNew = managedBy(olds) === undefined;
  const isReplaced = !isNew && kind.properties.some((property) => olds[property] !== news[property]);
  const judged = await judge(
    session,
    scope,
    isReplaced ? {} : olds,
    inputs,
    await including(scope, inputs, scope.look()),
  );
  // A replacement is checked a second time, as new.
  const refused = [...judged.refused, ...(isReplaced ? [] : clash(scope, inputs))];
  if (refused.length > 0) {
    warnOfOthers(session, scope, olds, inputs);
    return { inputs, failures: refused.map(refusal) };
  }
  for (const id of activationInputs(inputs).wanted) {
    scope.held.add(id);
  }
  // What is in state already is explained by diff, which knows what was observed and not only what was wanted.
  if (isNew && judged.text !== undefined) {
    session.log.info(judged.text);
  }
  return { inputs, failures: [] };
}

/** What would be undone in every run, because two activations of one scope in one program contradict each other. */
function clash(scope: Scope, news: Properties): string[] {
  const inputs = activationInputs(news);
  if (inputs.unknown > 0 || inputs.undecided.length > 0) {
    return [];
  }
  const neighbours = neighboursOf(scope.organization);
  const ids = neighbours.clashes(scope.id, inputs);
  neighbours.declare(scope.id, inputs);
  return ids.length === 0
    ? []
    : [
        `two activations of ${scope.label} in this program contradict each other: one wants ${ids.join(", ")}, and the other is exclusive and would deactivate ${ids.length === 1 ? "it" : "them"} in every run. ` +
          "List the same in the exclusive one (in certificateIds or ignoreCertificateIds), or set exclusive: false there",
      ];
}

/** A look, unless it misses a wanted certificate: that may have been uploaded since, also by another stack. */
async function including(
  scope: Scope,
  inputs: Properties,
  look: Promise<ListedCertificate[]>,
): Promise<ListedCertificate[]> {
  const listed = await look;
  const there = new Set(listed.map(({ id }) => id));
  return activationInputs(inputs).wanted.every((id) => there.has(id)) ? listed : scope.lookAgain();
}

async function diff(session: Session, scope: Scope, olds: Properties, news: Properties): Promise<DiffAnswer> {
  const listed = await scope.look();
  const judged = await judge(session, scope, olds, news, listed);
  // Refused by check before, and by update after this. The engine also asks for diffs while it refreshes, about inputs that
  // the program is going to replace: a certificate that was deleted outside of Pulumi must not stop it there.
  if (judged.refused.length > 0) {
    return { changes: true };
  }
  if (judged.text !== undefined) {
    session.log.info(judged.text);
  }
  return { changes: hasUnknown(news) || !isEmpty(judged.plan) || !isSame(toState(news, listed), olds) };
}

async function observe(session: Session, scope: Scope, id: string, props: Properties): Promise<ReadAnswer> {
  const listed = await scope.look();
  const observed = toState(props, listed);
  const managed = managedBy(props);
  const isForeign = managed !== undefined && managedBy(observed)?.length !== 0 && !existsAny(managed, listed);
  if (!isForeign || !isExclusive(props)) {
    for (const stranger of managedBy(observed)?.filter((active) => managed?.includes(active) === false) ?? []) {
      scope.strangers.add(stranger);
    }
    return { id, props: observed, inputs: observed };
  }
  // Taken into state, what is live would pass for this resource's own, and the next run could deactivate it unasked.
  session.log.warn(
    `none of the certificates that the activation of ${scope.label} answered for exists any more, and others are active there: ` +
      "it counts as gone. Does the admin key belong to another organization?",
  );
  return {};
}

async function reconcile(session: Session, scope: Scope, olds: Properties, news: Properties): Promise<Properties> {
  try {
    return await converge(session, scope, olds, news);
  } finally {
    warnOfOthers(session, scope, olds, news);
  }
}

async function converge(session: Session, scope: Scope, olds: Properties, news: Properties): Promise<Properties> {
  const listed = await including(scope, news, scope.lookToDecide());
  const { plan, refused, text } = await judge(session, scope, olds, news, listed);
  if (refused.length > 0) {
    throw new ProviderError(refused.join("\n"));
  }
  // Said already, unless the set has changed since.
  if (text !== undefined) {
    session.log.info(text);
  }
  for (const id of activationInputs(news).wanted) {
    scope.held.add(id);
  }
  try {
    const after = withActive(listed, await apply(scope, plan, activeIds(listed)));
    return toState(news, takesFromOthers(plan, scope, olds) ? await defend(session, scope, news, after) : after);
  } catch (error) {
    if (error instanceof Interrupted) {
      const state = toPartialState(news, withActive(listed, error.active), plan.deactivate.flat());
      throw new PartialFailure(scope.id, state, error.cause);
    }
    throw error;
  }
}
