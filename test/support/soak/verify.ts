import type { Ended, SimulatedStack, World } from "./world";

/** What a run leaves behind, whatever became of it: every upload is in state, or is an orphan that the user hears of. */
export function accountForUploads(world: World, stack: SimulatedStack, ended: Ended): string[] {
  const { figures, orphans } = world;
  const { uploads } = ended.watch;
  const problems: string[] = [...ended.watch.violations];
  const inState = new Set(stack.state.resources.map(({ id }) => id));
  const live = new Set(world.organization.certificates().map(({ id }) => id));
  figures.uploads += uploads.length;
  problems.push(...unnamedTwins(world, ended));
  for (const upload of uploads.filter(({ id }) => live.has(id) && !inState.has(id))) {
    if (ended.how === "killed" || ended.broken) {
      orphans.set(upload.id, upload);
      figures.orphans++;
    } else {
      figures.losses++;
      problems.push(`${upload.id} was uploaded and is not in state`);
    }
    if (ended.how === "failed" && !/may have been uploaded.*adopt/s.test(ended.failures.join("\n"))) {
      problems.push(`${upload.id} may have been uploaded, but no failure says so: ${ended.failures.join("\n")}`);
    }
  }
  for (const { name, fingerprint } of uploads) {
    const same = uploads.filter((one) => one.name === name && one.fingerprint === fingerprint && live.has(one.id));
    const wanted = [...stack.program.certificates.values()].filter(
      ({ label, anchor }) => label === name && world.anchor(anchor).fingerprint === fingerprint,
    );
    if (same.length > wanted.length) {
      figures.duplicates++;
      problems.push(`${same.map(({ id }) => id).join(" and ")} are uploads of one resource`);
    }
  }
  for (const id of orphans.keys()) {
    if (inState.has(id)) {
      figures.adopted++;
      orphans.delete(id);
    } else if (!live.has(id)) {
      orphans.delete(id);
    }
  }
  return problems;
}

/** An upload beside an orphan with the same content must name that orphan and both ways out. */
function unnamedTwins(world: World, { watch, said }: Ended): string[] {
  return watch.uploads.flatMap(({ fingerprint }) =>
    [...world.orphans.values()]
      .filter((orphan) => orphan.fingerprint === fingerprint)
      .flatMap(({ id }) => {
        world.figures.named++;
        return said.includes(`${id} `) && said.includes(`adopt: "${id}" (or adopt: true), or delete it`)
          ? []
          : [`the orphan ${id} is not named with its ways out in:\n${said}`];
      }),
  );
}

/** After a run that went through undisturbed: what is live, what the program says and what state holds are one. */
export function verifyConverged(world: World, stack: SimulatedStack, ended: Ended): string[] {
  return [
    ...verifyCertificates(world, stack),
    ...stack.program.activations.flatMap((spec) => verifyActivation(world, stack, ended, spec.name)),
    ...verifyNothingElse(world, stack),
  ];
}

function verifyCertificates(world: World, { program, state }: SimulatedStack): string[] {
  const live = new Map(world.organization.certificates().map((one) => [one.id, one]));
  return [...program.certificates].flatMap(([name, { anchor, label }]) => {
    const stored = state.get(name);
    const found = live.get(stored?.id ?? "");
    const { fingerprint, pem } = world.anchor(anchor);
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

function verifyActivation(world: World, { program, state }: SimulatedStack, { watch }: Ended, name: string): string[] {
  const spec = program.activations.find((one) => one.name === name);
  if (spec === undefined) {
    return [];
  }
  const { projectId, exclusive, members, ignored } = spec;
  const before = watch.before(projectId);
  const wanted = members.map((member) => state.get(member)?.id ?? "");
  const live = world.live(projectId);
  const others = [...before.live].filter((id) => !wanted.includes(id));
  const left = exclusive
    ? others.filter((id) => ignored.includes(id))
    : others.filter((id) => ignored.includes(id) || !before.managed.has(id));
  return [
    ...differences(`${name} live`, [...live].sort(), [...new Set([...wanted, ...left])].sort()),
    ...differences(`${name} in state`, state.get(name)?.outputs["certificateIds"], [...new Set(wanted)].sort()),
    ...(state.get(name)?.outputs["__provider"] === undefined ? [`${name} has lost its provider`] : []),
  ];
}

function verifyNothingElse(world: World, { program, state }: SimulatedStack): string[] {
  const declared = [...program.certificates.keys(), ...program.activations.map(({ name }) => name)];
  const wanted = new Set([...program.certificates.values()].map(({ anchor }) => world.anchor(anchor).fingerprint));
  const unadopted = [...world.orphans.values()].filter(({ fingerprint }) => program.adopt && wanted.has(fingerprint));
  return [
    ...differences("resources in state", state.resources.map(({ name }) => name).sort(), declared.sort()),
    ...unadopted.map(({ id }) => `the orphan ${id} was not adopted`),
  ];
}

function differences(what: string, found: unknown, expected: unknown): string[] {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)];
  return a === b ? [] : [`${what}: found ${a}, expected ${b}`];
}
