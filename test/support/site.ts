import { type CertificateView, type Emulator, startEmulator } from "../../emulator";
import type { CertificateArgs } from "../../sdk";
import { realAnchors } from "./anchors";
import type { Order } from "./operate";
import type { Declared, Transport } from "./program";
import { TestStack } from "./stack";

export const SITE_KEY = "sk-admin-local-site";

/** As many as need two calls to be activated or deactivated. */
export const TWELVE = 12;

const anchors = realAnchors(TWELVE);

/**
 * Twelve certificates, `root-0` and so on, and one activation of all of them, which a destroy deactivates; `more` goes into
 * each certificate.
 */
export function twelve(more: Partial<CertificateArgs> = {}): Declared {
  const entries = anchors.map((certificate, index) => [`root-${index}`, { certificate, ...more }] as const);
  return {
    certificates: Object.fromEntries(entries),
    activations: { org: { certificateIds: entries.map(([name]) => `@${name}`), deactivateOnDelete: true } },
  };
}

/** What became of twelve certificates, here and there. */
export interface Tally {
  readonly live: number;
  readonly active: number;
  /** Live certificates that hold the same DER as another one. */
  readonly duplicates: number;
  /** Live ids that state does not hold. */
  readonly orphans: readonly string[];
  /** Ids in state that are not live. */
  readonly lost: readonly string[];
  /** Whether the activation in state answers for exactly the certificates in state. */
  readonly activationFits: boolean;
}

/** How a run ends that had twelve certificates to make and to activate. */
export const ALL_TWELVE: Tally = {
  live: TWELVE,
  active: TWELVE,
  duplicates: 0,
  orphans: [],
  lost: [],
  activationFits: true,
};

/** How many of the twelve are not there, or there and in nobody's state. */
export function lossesOf({ live, orphans, lost }: Tally): number {
  return lost.length + Math.max(0, TWELVE - (live - orphans.length));
}

/** An organization of its own, with pages of seven, and one stack that manages it. */
export class Site {
  readonly stack: TestStack;

  private constructor(
    readonly emulator: Emulator,
    config: Order["config"],
    transport: Transport,
  ) {
    const env = { OPENAI_ADMIN_KEY: SITE_KEY, OPENAI_BASE_URL: emulator.url };
    this.stack = new TestStack({ env, config, transport });
  }

  /** Opens a site for some work and closes it afterwards; `settings` are keys of the configuration's namespace `openai`. */
  static async during<R>(
    transport: Transport,
    settings: Readonly<Record<string, string>>,
    work: (site: Site) => Promise<R>,
  ): Promise<R> {
    const config = Object.entries(settings).map(([key, value]) => [`openai:${key}`, { value }]);
    const emulator = await startEmulator({ adminKey: SITE_KEY, maxPageSize: 7 });
    const site = new Site(emulator, Object.fromEntries(config), transport);
    try {
      return await work(site);
    } finally {
      site.stack.remove();
      await emulator.close();
    }
  }

  certificates(): CertificateView[] {
    return this.emulator.organization().certificates();
  }

  tally(): Tally {
    const certificates = this.certificates();
    const live = certificates.map(({ id }) => id);
    const { resources } = this.stack.saved();
    const held = resources.filter(({ type }) => type.endsWith(":Certificate")).map(({ id }) => String(id));
    const activation = resources.find(({ type }) => type.endsWith(":CertificateActivation"));
    return {
      live: live.length,
      active: certificates.filter(({ active }) => active).length,
      duplicates: live.length - new Set(certificates.map(({ fingerprint }) => fingerprint)).size,
      orphans: live.filter((id) => !held.includes(id)),
      lost: held.filter((id) => !live.includes(id)),
      activationFits: JSON.stringify(activation?.outputs?.["certificateIds"]) === JSON.stringify([...held].sort()),
    };
  }

  /** How many requests a fault has struck so far. */
  struck(): number {
    return this.emulator.requests.filter(({ fault }) => fault !== undefined).length;
  }
}
