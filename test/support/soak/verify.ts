import type { PlayedStack, Scene } from "./scene";
import type { Ended } from "./world";

/** After a run that went through undisturbed: what is live, what the program says and what state holds are one. */
export function verifyConverged(scene: Scene, stack: PlayedStack, ended: Ended): string[] {
  return [
    ...verifyCertificates(scene, stack),
    ...stack.program.activations.flatMap((spec) => verifyActivation(scene, stack, ended, spec.name)),
    ...verifyNothingElse(scene, stack),
    ...sharedIds(stack),
  ];
}

function verifyCertificates(scene: Scene, { program, state }: PlayedStack): string[] {
  const live = new Map(scene.organization.certificates().map((one) => [one.id, one]));
  return [...program.certificates].flatMap(([name, { anchor, label }]) => {
    const stored = state.get(name);
    const found = live.get(stored?.id ?? "");
    const { fingerprint, pem } = scene.anchor(anchor);
    const wanted = { name: label, fingerprint };
    return [
      ...differences(`${name} live`, { name: found?.name, fingerprint: found?.fingerprint }, wanted),
      ...differences(
        `${name} in state`,
        {
          name: stored?.outputs["name"],
          fingerprint: stored?.outputs["fingerprint"],
          pem: stored?.outputs["certificate"],
        },
        { ...wanted, pem },
      ),
    ];
  });
}

function verifyActivation(scene: Scene, { program, state }: PlayedStack, { watch }: Ended, name: string): string[] {
  const spec = program.activations.find((one) => one.name === name);
  if (spec === undefined) {
    return [];
  }
  const { projectId, exclusive, members, ignored } = spec;
  const before = watch.before(projectId);
  const wanted = members.map((member) => state.get(member)?.id ?? "");
  const live = scene.live(projectId);
  const others = [...before.live].filter((id) => !wanted.includes(id));
  const left = exclusive
    ? others.filter((id) => ignored.includes(id))
    : others.filter((id) => ignored.includes(id) || !before.managed.has(id));
  return [
    ...differences(`${name} live`, [...live].sort(), [...new Set([...wanted, ...left])].sort()),
    ...differences(`${name} in state`, state.get(name)?.outputs["certificateIds"], [...new Set(wanted)].sort()),
  ];
}

function verifyNothingElse(scene: Scene, { program, state }: PlayedStack): string[] {
  const declared = [...program.certificates.keys(), ...program.activations.map(({ name }) => name)];
  const wanted = new Set([...program.certificates.values()].map(({ anchor }) => scene.anchor(anchor).fingerprint));
  const unadopted = [...scene.orphans.values()].filter(({ fingerprint }) => program.adopt && wanted.has(fingerprint));
  return [
    ...differences("resources in state", state.resources.map(({ name }) => name).sort(), declared.sort()),
    ...unadopted.map(({ id }) => `the orphan ${id} was not adopted`),
  ];
}

/** One certificate is one resource's: what one rotates away from, another may adopt, but then the first has let go. */
function sharedIds({ program, state }: PlayedStack): string[] {
  const held = [...program.certificates.keys()].flatMap((name) => state.get(name) ?? []);
  const byId = new Map(held.map((stored) => [stored.id, stored]));
  return held
    .filter((stored) => byId.get(stored.id) !== stored)
    .map(({ id, name }) => `${name} and ${byId.get(id)?.name} both are ${id}`);
}

function differences(what: string, found: unknown, expected: unknown): string[] {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)];
  return a === b ? [] : [`${what}: found ${a}, expected ${b}`];
}
