import { anchors, WITH_CLIENT } from "./material";
import type { ActivationSpec, CertificateSpec, Program, Spec } from "./program";
import { anchorOf, PLAIN_CERTIFICATE, PLAIN_SET, placeOf } from "./program";
import type { World } from "./world";

/** Edits that a user makes. `a` and `b` are any numbers, which choose among what there is. */
type Edit = (world: World, a: number, b: number) => Program;

export function among<T>(items: readonly T[], choice: number): T | undefined {
  return items.length === 0 ? undefined : items[choice % items.length];
}

/** An anchor that the program does not declare. */
function freshAnchor({ certificates }: Program, choice: number): number | undefined {
  const used = new Set(certificates.map(({ anchor }) => anchor));
  // The first ones have clients, and a person may have uploaded those that follow.
  const free = anchors().flatMap((_, index) => (used.has(index) ? [] : [index]));
  return among(free.slice(0, WITH_CLIENT + 4), choice);
}

let counter = 0;
/** A name that no resource has had; the same in every replay, because each world begins anew. */
function fresh(prefix: string): string {
  return `${prefix}${++counter}`;
}

export function beginNames(): void {
  counter = 0;
}

/** Changes the chosen one of them; undefined changes nothing. */
function changed<T>(items: readonly T[], choice: number, change: (one: T) => Partial<T> | undefined): T[] {
  const chosen = among(items, choice);
  return items.map((one) => (one === chosen ? { ...one, ...change(one) } : one));
}

function certificate(
  { program }: World,
  a: number,
  change: (spec: CertificateSpec) => Partial<CertificateSpec> | undefined,
) {
  return { ...program, certificates: changed(program.certificates, a, change) };
}

function activation({ program }: World, a: number, change: (spec: ActivationSpec) => Partial<ActivationSpec>) {
  return { ...program, activations: changed(program.activations, a, change) };
}

/** In this place, ids that the state does not hold. */
function foreign({ state, certificates }: World, spec: ActivationSpec): string[] {
  const own = new Set(state.resources.map(({ id }) => id));
  return certificates(spec).flatMap(({ id }) => (own.has(id) ? [] : [id]));
}

const names = [undefined, "main", "eu"] as const;

export const EDITS = {
  add: (world, a, b) => {
    const { program, today } = world;
    const anchor = freshAnchor(program, a);
    if (anchor === undefined) {
      return program;
    }
    const name = fresh("cert");
    const activateOn = b % 5 === 1 ? today + 2 : 0;
    const spec: CertificateSpec = { ...PLAIN_CERTIFICATE, name, anchor, label: `${name} label`, activateOn };
    const joins = (one: ActivationSpec) => b % 5 !== 2 && placeOf(one) === "main";
    return {
      certificates: [...program.certificates, b % 7 === 3 ? { ...spec, adopt: true } : spec],
      activations: program.activations.map((one) => (joins(one) ? { ...one, members: [...one.members, name] } : one)),
    };
  },
  remove: ({ program }, a) => {
    const name = among(program.certificates, a)?.name;
    const without = (members: readonly string[]) => members.filter((member) => member !== name);
    return {
      certificates: program.certificates.filter((one) => one.name !== name),
      activations: program.activations.map((one) => ({ ...one, members: without(one.members) })),
    };
  },
  rotate: (world, a, b) => {
    const anchor = freshAnchor(world.program, b);
    return certificate(world, a, () => (anchor === undefined ? undefined : { anchor }));
  },
  rotateAll: ({ program }) => {
    const used = new Set(program.certificates.map(({ anchor }) => anchor));
    const free = anchors().flatMap((_, index) => (used.has(index) ? [] : [index]));
    return {
      ...program,
      certificates: program.certificates.map((one, index) => ({ ...one, anchor: free[index] ?? one.anchor })),
    };
  },
  relabel: (world, a) => certificate(world, a, () => ({ label: fresh("label ") })),
  renameCertificate: (world, a, b) => {
    const name = fresh("cert");
    const old = among(world.program.certificates, a)?.name;
    const aliases = b % 2 === 0 && old !== undefined ? [old] : [];
    const { certificates, activations } = certificate(world, a, () => ({
      name,
      aliases,
      ...(b % 3 === 1 && { adopt: true as const }),
    }));
    const renamed = (members: readonly string[]) => members.map((member) => (member === old ? name : member));
    return { certificates, activations: activations.map((one) => ({ ...one, members: renamed(one.members) })) };
  },
  adopt: (world, a, b) =>
    certificate(world, a, (spec) => {
      const all = world.certificates(spec);
      const twins = all.filter(({ fingerprint }) => fingerprint === anchorOf(spec).fingerprint);
      const id = among(twins, b)?.id ?? among(all, b)?.id;
      return { adopt: b % 4 === 3 ? undefined : b % 2 === 0 || id === undefined ? true : id };
    }),
  /** Additive, it shares the set with those of its place, and takes some members over from them. */
  addActivation: ({ program }, a, b) => {
    const organization = among(names, b);
    const isHere = (spec: Spec) => placeOf(spec) === placeOf({ organization });
    const here = program.certificates.filter(isHere).map(({ name }) => name);
    const members = here.filter((_, index) => (a >> index) % 2 === 0);
    const exclusive = a % 3 === 1;
    const share = (one: ActivationSpec) =>
      exclusive || !isHere(one)
        ? one
        : { ...one, exclusive, members: one.members.filter((name) => !members.includes(name)) };
    const added: ActivationSpec = {
      ...PLAIN_SET,
      name: fresh("set"),
      organization,
      isProject: a % 2 === 0,
      members,
      exclusive,
      takeOver: b % 2 === 0,
      hinted: b % 5 !== 0,
    };
    return { ...program, activations: [...program.activations.map(share), added] };
  },
  removeActivation: ({ program }, a) => ({
    ...program,
    activations: program.activations.filter((one) => one !== among(program.activations, a)),
  }),
  renameActivation: (world, a, b) =>
    activation(world, a, ({ name }) => ({ name: fresh("set"), aliases: b % 2 === 0 ? [name] : [] })),
  member: (world, a, b) =>
    activation(world, a, (spec) => {
      const fitting = world.program.certificates.filter((one) => placeOf(one) === placeOf(spec));
      const name = among(fitting, b)?.name ?? "";
      const left = spec.members.filter((member) => member !== name);
      return { members: left.length < spec.members.length || name === "" ? left : [...left, name] };
    }),
  none: ({ program }, a, b) => {
    const chosen = b % 4 === 3 ? program.activations : [among(program.activations, a)];
    const empty = (one: ActivationSpec) => ({ ...one, members: [], allowEmpty: b % 2 === 0 });
    return { ...program, activations: program.activations.map((one) => (chosen.includes(one) ? empty(one) : one)) };
  },
  exclusive: (world, a) => activation(world, a, ({ exclusive }) => ({ exclusive: !exclusive })),
  ignore: (world, a, b) =>
    activation(world, a, (spec) => ({
      ignored: b % 3 === 0 ? [] : foreign(world, spec).filter((_, index) => (b >> index) % 2 === 0),
    })),
  literals: (world, a, b) =>
    activation(world, a, (spec) => ({
      literals: b % 3 === 0 ? [] : foreign(world, spec).filter((_, index) => (b >> index) % 2 === 0),
    })),
  /** Declared, then attached once there is an id (now and then at once), then taken away. */
  celFilter: (world, a, b) =>
    certificate(world, a, ({ name, celFilter }) => {
      const id = world.state.get(name)?.id;
      const isNext = celFilter !== undefined || b % 4 === 0;
      const attached = id === undefined || !isNext ? {} : { attachedTo: id };
      const isDone = celFilter?.attachedTo !== undefined && celFilter.attachedTo === id;
      return { celFilter: isDone ? undefined : { expression: "true", ...attached } };
    }),
  takeOver: (world, a) => activation(world, a, ({ takeOver }) => ({ takeOver: !takeOver })),
  allowEmpty: (world, a) => activation(world, a, ({ allowEmpty }) => ({ allowEmpty: !allowEmpty })),
  deactivateOnDelete: (world, a) =>
    activation(world, a, ({ deactivateOnDelete }) => ({ deactivateOnDelete: !deactivateOnDelete })),
  clients: (world, a, b) =>
    activation(world, a, () => ({ clients: [...Array(WITH_CLIENT).keys()].filter((index) => (b >> index) % 2 === 1) })),
  moveProvider: (world, a) => {
    const { certificates, activations } = world.program;
    const moved = among([...certificates, ...activations], a);
    const move = <T extends Spec>(one: T): T =>
      one.name === moved?.name || a % 4 === 0 ? { ...one, provider: one.provider === 0 ? 1 : 0 } : one;
    return { certificates: certificates.map(move), activations: activations.map(move) };
  },
  /** Everything under one name, a single certificate under the other name of its organization, or all to another one. */
  moveOrganization: ({ program: { certificates, activations } }, a, b) => {
    const organization = among(names, b);
    const only = a % 3 === 0 && organization !== "eu" ? among(certificates, b)?.name : undefined;
    const move = <T extends Spec>(one: T): T =>
      only === undefined || one.name === only ? { ...one, organization } : one;
    return { certificates: certificates.map(move), activations: activations.map(move) };
  },
} satisfies Record<string, Edit>;

export type EditName = keyof typeof EDITS;
