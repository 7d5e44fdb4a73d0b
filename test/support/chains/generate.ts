import { distinguishedName } from "../../../emulator/x509";
import { DEFECTS, type Defect } from "./defects";
import type { Presentation } from "./judges";
import { certificate, type Draft, type Key, type KeyKind, makeKey, pemOf } from "./maker";

/** A chain to be spoiled: the leaf first, each signed by the next, the last one an anchor; and further anchors. */
export interface ChainDraft {
  /** From the leaf to the root. */
  path: Draft[];
  anchors: Draft[];
  /** What is presented after the leaf. */
  presented: Draft[];
  readonly now: Date;
  readonly random: (below: number) => number;
  readonly key: (kind?: KeyKind) => Key;
}

export interface Generated extends Presentation {
  readonly defects: readonly string[];
}

/** `count` chains with none to two kinds of defects each; the same ones for the same seed, but for keys and signatures. */
export function generate(count: number, seed: number, now: Date): Generated[] {
  const random = randomFrom(seed);
  const keys = keyPool();
  return Array.from({ length: count }, (_, i) => {
    const draft = soundChain(random, keys, now);
    // Every kind gets its turn, alone and with others.
    const defects = [...(i % 5 === 0 ? [] : [DEFECTS[i % DEFECTS.length]!]), ...pick(random)];
    for (const { spoil } of defects) spoil(draft);
    return {
      anchors: draft.anchors.map(pemOf),
      chain: [draft.path[0]!, ...draft.presented].map(pemOf),
      at: now,
      defects: defects.map(({ title }) => title),
    };
  });
}

function soundChain(random: (below: number) => number, keys: Record<KeyKind, Key[]>, now: Date): ChainDraft {
  const used = new Set<Key>();
  const key = (kind?: KeyKind): Key => {
    const pool = keys[kind ?? (["p256", "p256", "p384", "ed25519", "rsa2048"] as const)[random(5)]!];
    const found = pool.filter((one) => !used.has(one));
    const chosen = found[random(found.length)] ?? pool[0]!;
    used.add(chosen);
    return chosen;
  };
  const depth = random(4);
  const path = [certificate(distinguishedName("Root"), key(), undefined, true, now)];
  for (let i = depth; i > 0; i -= 1) path.unshift(certificate(distinguishedName(`CA ${i}`), key(), path[0], true, now));
  path.unshift(certificate(distinguishedName("client", "Example"), key(), path[0], false, now));
  return { path, anchors: [path.at(-1)!], presented: path.slice(1, -1), now, random, key };
}

function pick(random: (below: number) => number): Defect[] {
  return random(3) === 0 ? [DEFECTS[random(DEFECTS.length)]!] : [];
}

function keyPool(): Record<KeyKind, Key[]> {
  const many = (kind: KeyKind, count: number) => Array.from({ length: count }, () => makeKey(kind));
  return {
    p256: many("p256", 12),
    p384: many("p384", 6),
    p521: many("p521", 1),
    ed25519: many("ed25519", 6),
    rsa2048: many("rsa2048", 4),
    rsa1024: many("rsa1024", 1),
    secp256k1: many("secp256k1", 1),
  };
}

/** Mulberry32, to an integer below a bound. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
