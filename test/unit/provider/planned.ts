import type { Lifecycle, Properties } from "../../../provider/lifecycle";
import type { Rig, Run } from "../../support/rig";

/** A resource as the engine's state holds it. */
export interface InState {
  readonly id: string;
  readonly inputs: Properties;
  readonly outs: Properties;
}

export interface Done {
  /** Undefined where a create was refused. */
  readonly state: InState | undefined;
  /** Why check refused; empty where it did not. */
  readonly refused: string;
}

type Kind = "activation" | "project";

/** What the engine does in `preview` with one activation, new (`state` undefined) or not. */
export async function preview(run: Run, kind: Kind, state: InState | undefined, news: Properties): Promise<string> {
  return (await plan(run[kind], state, news)).refused;
}

/** What the engine does in `up` with one activation, new or not. A failed create or update rejects. */
export async function up(run: Run, kind: Kind, state: InState | undefined, news: Properties): Promise<Done> {
  const lifecycle = run[kind];
  const { refused, inputs, changes } = await plan(lifecycle, state, news);
  if (refused !== "") {
    return { state, refused };
  }
  if (state === undefined) {
    return { state: { inputs, ...(await lifecycle.create(inputs)) }, refused };
  }
  const { id } = state;
  const outs = changes ? (await lifecycle.update(id, state.outs, inputs)).outs : state.outs;
  return { state: { id, inputs, outs }, refused };
}

/** {@link up} of what must not be refused. */
export async function done(run: Run, kind: Kind, state: InState | undefined, news: Properties): Promise<InState> {
  const { state: after, refused } = await up(run, kind, state, news);
  if (after === undefined || refused !== "") {
    throw new Error(`refused: ${refused}`);
  }
  return after;
}

/** What the engine does in `refresh`; undefined where the resource is gone. */
export async function refresh(run: Run, kind: Kind, { id, outs }: InState): Promise<InState | undefined> {
  const { props, inputs } = await run[kind].read(id, outs);
  return props === undefined ? undefined : { id, outs: props, inputs: inputs ?? props };
}

async function plan(lifecycle: Lifecycle, state: InState | undefined, news: Properties) {
  const { inputs, failures } = await lifecycle.check(state?.inputs ?? {}, news);
  const refused = failures.map(({ reason }) => reason).join("\n");
  const isOld = state !== undefined && refused === "";
  const { changes } = isOld ? await lifecycle.diff(state.id, state.outs, inputs) : { changes: false };
  return { refused, inputs, changes };
}

/** The toggles since the last time, in order: `+` with the names that one activates, `-` with those that one deactivates. */
export function toggles(rig: Rig): string[] {
  const names = new Map(rig.organization.certificates().map(({ id, name }) => [id, name]));
  return rig.emulator.requests.splice(0).flatMap(({ path, body }) => {
    const sign = path.endsWith("/activate") ? "+" : path.endsWith("/deactivate") ? "-" : undefined;
    const { certificate_ids: ids = [] } = (body ?? {}) as { certificate_ids?: string[] };
    return sign === undefined ? [] : [`${sign} ${ids.map((id) => names.get(id)).join(" ")}`];
  });
}
