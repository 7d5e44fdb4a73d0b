import { anchors } from "./material";
import {
  type ActivationSpec,
  anchorOf,
  type CertificateSpec,
  due,
  isReplaced,
  type Place,
  type Program,
  placeOf,
} from "./program";
import type { World } from "./world";

/** The API's limit for an organization. */
const MOST = 50;

/** The world's program without what must be refused: contradictions, and changes that need a word that it does not give. */
export function sane(world: World): Program {
  const { program, today } = world;
  const scopes = new Set<string>();
  const isFirst = (spec: ActivationSpec) => {
    const scope = `${placeOf(spec)} ${spec.isProject}`;
    return scopes.size < scopes.add(scope).size;
  };
  const own = new Set(world.state.resources.map(({ id }) => id));
  const certificates = withinLimit(world).map((spec) => {
    const { fingerprint } = anchorOf(spec);
    const twins = world.certificates(spec).filter((one) => one.fingerprint === fingerprint);
    const [old] = [spec.name, ...spec.aliases].flatMap((known) => world.state.get(known) ?? []);
    return {
      ...spec,
      ...(spec.adopt === true && twins.length > 1 && { adopt: undefined }),
      // A filter does not move along with a replacement in place.
      ...(old !== undefined && isReplaced(old, spec) && { celFilter: undefined }),
    };
  });
  const activations = program.activations.filter(isFirst).map((spec): ActivationSpec => {
    const members = spec.members.filter((name) =>
      certificates.some((one) => one.name === name && placeOf(one) === placeOf(spec)),
    );
    const wanted = due({ ...spec, members }, { ...program, certificates }, today);
    const there = world.certificates(spec).map(({ id }) => id);
    const literals = spec.literals.filter((id) => there.includes(id) && !own.has(id));
    const allowEmpty = wanted.length === 0 && literals.length === 0;
    return { ...spec, members, literals, takeOver: true, allowEmpty, clients: [], ignored: [] };
  });
  return { certificates, activations };
}

/** As the refusal of too many uploads advises: those that go beyond the limit stay as they were, or wait for a later run. */
function withinLimit(world: World): CertificateSpec[] {
  const room = new Map<Place, number>();
  return world.program.certificates.flatMap((spec) => {
    const place = placeOf(spec);
    const there = world.certificates(spec);
    const old = there.find(({ id }) => id === world.state.get(spec.name)?.id);
    const isThere = (fingerprint: string) => there.some((one) => one.fingerprint === fingerprint);
    const { fingerprint } = anchorOf(spec);
    if (old?.fingerprint === fingerprint || (spec.adopt !== undefined && isThere(fingerprint))) {
      return [spec];
    }
    const left = (room.get(place) ?? MOST - there.length) - 1;
    room.set(place, left);
    const anchor = anchors().findIndex((one) => one.fingerprint === old?.fingerprint);
    return left >= 0 ? [spec] : anchor >= 0 ? [{ ...spec, anchor }] : [];
  });
}
