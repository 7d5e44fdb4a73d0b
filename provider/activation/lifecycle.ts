import { isNotFound } from "../api/errors";
import type { ListedCertificate } from "../api/wire";
import { ProviderError } from "../errors";
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
import { redact } from "../redact";
import { WrongOrganization } from "../rightOrganization";
import type { Session } from "../session";
import { isUnknown } from "../unknown";
import { clientProblems } from "./clientGate";
import { desired, hasUnknown, isSameSet, shapeProblems, withoutHints } from "./desired";
import { including, whoseOrganization } from "./observe";
import { claimedTwice, inDoubt, misplaced } from "./ownership";
import { isEmpty } from "./plan";
import { previewActivation, unknownSet } from "./preview";
import { goneProject, observed } from "./read";
import { reconcile, say } from "./reconcile";
import { removeActivation, replacementWarnings } from "./remove";
import { type Scope, scopeOf } from "./scope";
import { isLeftToState } from "./situation";
import { before, inputsOf, isObserved, retiringIds } from "./state";
import { judge } from "./verdict";
import { explainUnknownScope } from "./words";

/** What tells an organization's activation from a project's. */
export interface ScopeKind {
  /** Wrong types of the properties that name the scope, but for `organization`. */
  problems(news: Properties): CheckFailure[];
  /** Undefined for the organization itself; may be unknown in preview. */
  projectId(props: Properties): string | undefined;
  /** The properties that an activation's id stands for; undefined where the id is not one of this kind. */
  identity(id: string): Properties | undefined;
}

/** The lifecycle of an active set. The only place that has raw properties of activations. */
export function activationLifecycle(session: () => Session, kind: ScopeKind): Lifecycle {
  const organization = (props: Properties) => session().organization(props["organization"] as string | undefined);
  const scope = (props: Properties): Scope => scopeOf(organization(props), kind.projectId(props));
  const unknownScope = (news: Properties): string[] => [
    ...(isUnknown(news["organization"]) ? ["organization"] : []),
    ...(isUnknown(kind.projectId(news)) ? ["projectId"] : []),
  ];

  async function check(olds: Properties, news: Properties): Promise<CheckAnswer> {
    const inputs = withoutHints(news);
    const wrong = [...kind.problems(news), ...shapeProblems(news)];
    const wanted = desired(news);
    const failures = wrong.length > 0 ? wrong : clientProblems(wanted.requiredClients).map(refusal);
    if (failures.length > 0) {
      return { inputs, failures };
    }
    const unknown = unknownScope(news);
    if (unknown.length > 0) {
      const projectId = kind.projectId(news);
      const named = isUnknown(projectId) ? "a project" : `project ${projectId}`;
      say(session(), explainUnknownScope(projectId === undefined ? "an organization" : named, unknown, wanted), []);
      return { inputs, failures };
    }
    const problem = session().problem(news["organization"] as string | undefined);
    if (problem !== undefined) {
      return { inputs, failures: [refusal(problem)] };
    }
    const at = scope(news);
    const listed = await including(at, wanted, at.look());
    const until = (await isSameScope(at, olds, news, listed)) ? before(olds) : undefined;
    // An additive one may answer for more than its old inputs list: whether it takes over anything now, its state tells.
    const takeOver = wanted.takeOver || until?.exclusive === false;
    const judged = isLeftToState(at, wanted, until, listed)
      ? undefined
      : await judge(session(), at, { ...wanted, takeOver }, until, listed);
    const refused = [
      ...claimedTwice(session(), at, news),
      ...inDoubt(at, until, listed),
      ...misplaced(session(), at, wanted),
      ...(judged?.refused ?? []),
    ];
    if (refused.length > 0) {
      return { inputs, failures: refused.map(refusal) };
    }
    // Where there is state, diff follows, and speaks.
    if (judged !== undefined && until === undefined) {
      say(session(), judged.text, judged.warnings);
    }
    say(session(), undefined, standingWarnings(at, wanted.deactivateOnDelete));
    session().checked.add(inputs, news);
    return { inputs, failures: [] };
  }

  /** Another name for the same organization is no change; another project is another scope. */
  async function isSameScope(
    at: Scope,
    olds: Properties,
    news: Properties,
    listed: readonly ListedCertificate[],
  ): Promise<boolean> {
    const until = before(olds);
    if (until === undefined || olds["projectId"] !== news["projectId"]) {
      return false;
    }
    if (olds["organization"] === news["organization"]) {
      return true;
    }
    const isConfigured = session().problem(olds["organization"] as string | undefined) === undefined;
    const isOneObject = isConfigured && organization(olds) === at.organization;
    const isOneId = until.organizationId !== undefined && until.organizationId === at.organization.id;
    return isOneObject || isOneId || until.listed.some((id) => listed.some((one) => one.id === id));
  }

  function warnOfReplacement(olds: Properties, condition: string): void {
    // Nothing can be deactivated in an organization that is not configured any more.
    if (session().problem(olds["organization"] as string | undefined) === undefined) {
      say(session(), undefined, replacementWarnings(scope(olds).label, olds, condition));
    }
  }

  async function diff(_id: string, olds: Properties, news: Properties): Promise<DiffAnswer> {
    const unknown = unknownScope(news);
    if (unknown.length > 0) {
      warnOfReplacement(olds, `if ${unknown.join(" or ")} turns out to be another, `);
      return { changes: true };
    }
    const given = session().checked.given(news);
    const isChecked = given !== undefined;
    const replacing = (property: string): DiffAnswer => {
      if (isChecked) {
        warnOfReplacement(olds, "");
      }
      return { changes: true, replaces: [property], deleteBeforeReplace: true };
    };
    if (olds["projectId"] !== news["projectId"]) {
      return replacing("projectId");
    }
    const at = scope(news);
    let listed: ListedCertificate[];
    try {
      listed = await at.look();
    } catch (error) {
      // A refresh has kept what it could not find, and said so; what has to be done about it, the next check finds.
      if (isNotFound(error) && !isChecked) {
        return { changes: true };
      }
      throw error;
    }
    if (!(await isSameScope(at, olds, news, listed))) {
      return replacing("organization");
    }
    const until = before(olds);
    const whose = whoseOrganization(at, until, listed);
    if (whose.verdict !== "same") {
      // In a refresh, the program may be about to change what is asked about here.
      if (isChecked) {
        throw new WrongOrganization(whose.question("Nothing would be changed."));
      }
      return { changes: true };
    }
    if (hasUnknown(news) && !isChecked) {
      return { changes: true };
    }
    const judged = await judge(session(), at, desired(given ?? news), until, listed, isChecked ? "plan" : "refresh");
    // It speaks in place of check, which has no state to go by; what check could judge, it has refused already.
    if (isChecked) {
      say(session(), judged.text, judged.warnings);
      if (judged.refused.length > 0) {
        throw new ProviderError(judged.refused.join("\n"));
      }
    }
    if (hasUnknown(news) || judged.refused.length > 0 || !isEmpty(judged.plan) || !isSameInputs(olds, news)) {
      return { changes: true };
    }
    const { heldBack, plan } = judged;
    const isOutdated = !isObserved(olds, news, listed, { heldBack, retiring: retiringIds(plan, until) });
    if (isOutdated && isChecked) {
      session().log.info(
        `active set of ${at.label}: as declared; what state says of it is out of date, and is corrected`,
      );
    }
    return { changes: isOutdated };
  }

  async function read(id: string, props: Properties): Promise<ReadAnswer> {
    const identity = kind.identity(id);
    if (identity === undefined) {
      throw new ProviderError(
        `${JSON.stringify(redact(id))} is not the id of an organization's active set: that is "organization"`,
      );
    }
    const at = { ...identity, ...props };
    const here = scope(at);
    const until = before(at);
    let listed: ListedCertificate[];
    try {
      listed = await here.look();
    } catch (error) {
      // Only a project can be gone; the organization's list has no 404.
      if (!isNotFound(error)) {
        throw error;
      }
      return goneProject(session(), here, at, until, error);
    }
    return { id, ...observed(session(), here, at, until, listed) };
  }

  return {
    check: (olds, news) => refusing(withoutHints(news), () => check(olds, news)),
    diff,
    async create(news) {
      const at = scope(news);
      return { id: at.id, outs: await reconcile(session(), at, undefined, news) };
    },
    async update(_id, olds, news) {
      return { outs: await reconcile(session(), scope(news), before(olds), news) };
    },
    read,
    delete: async (_id, props) => removeActivation(session(), scope(props), props),
    async preview(news, olds = {}) {
      const isKnown = unknownScope(news).length === 0;
      return { outs: isKnown ? await previewActivation(scope(news), before(olds), news) : unknownSet(news) };
    },
  };
}

function standingWarnings({ label }: Scope, deactivateOnDelete: boolean): string[] {
  return deactivateOnDelete
    ? [
        `deactivateOnDelete is set: deleting, renaming or replacing this activation deactivates what it lists in ${label}, also where that ends enforcement`,
      ]
    : [];
}

/** By what the program lists, not by what is observed: that is the plan's business. */
function isSameInputs(olds: Properties, news: Properties): boolean {
  const old = inputsOf(olds);
  const keys = new Set([...Object.keys(old), ...Object.keys(news)]);
  keys.delete("__provider");
  return [...keys].every((key) => {
    const [one, other] = [old[key], news[key]];
    return Array.isArray(one) && Array.isArray(other)
      ? isSameSet(one, other)
      : JSON.stringify(one) === JSON.stringify(other);
  });
}
