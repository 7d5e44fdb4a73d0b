import { type ActivationSpec, anchorOf, due, type Program, placeOf } from "./program";
import type { World } from "./world";

/** The world's program without what must be refused: contradictions, and changes that need a word that it does not give. */
export function sane(world: World): Program {
  const { program, today } = world;
  const scopes = new Set<string>();
  const isFirst = (spec: ActivationSpec) => {
    const scope = `${placeOf(spec)} ${spec.isProject}`;
    return scopes.size < scopes.add(scope).size;
  };
  const certificates = program.certificates.map((spec) => {
    const { adopt, ...rest } = spec;
    const twins = world
      .organization(placeOf(spec))
      .certificates()
      .filter(({ fingerprint }) => fingerprint === anchorOf(spec).fingerprint);
    return adopt === true && twins.length > 1 ? rest : spec;
  });
  const activations = program.activations.filter(isFirst).map((spec): ActivationSpec => {
    const members = spec.members.filter((name) =>
      certificates.some((one) => one.name === name && placeOf(one) === placeOf(spec)),
    );
    const wanted = due({ ...spec, members }, { ...program, certificates }, today);
    return { ...spec, members, takeOver: true, allowEmpty: wanted.length === 0, clients: [], ignored: [] };
  });
  return { certificates, activations };
}
