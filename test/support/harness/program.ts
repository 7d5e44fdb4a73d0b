import type { Properties } from "../../../provider/lifecycle";
import { type Anchor, anchors, clients } from "./material";
import type { Stored } from "./state";

export type Kind = "certificate" | "activation" | "project";

/** The organizations of the harness; the default name and `main` are one, and nobody's program names `empty`. */
export type Place = "main" | "eu" | "empty";

export interface Spec {
  /** The logical name. */
  readonly name: string;
  /** Former names, as aliases. */
  readonly aliases: readonly string[];
  /** 0: the default provider; 1: an explicit one, which is another process. */
  readonly provider: 0 | 1;
  readonly organization?: "main" | "eu" | undefined;
}

export interface CertificateSpec extends Spec {
  /** Which of the harness's anchors. */
  readonly anchor: number;
  readonly label: string;
  readonly adopt?: true | string | undefined;
  readonly celFilter?: { readonly expression: string; readonly attachedTo?: string } | undefined;
  /** The first day (of the world's days) on which it belongs to the sets that list it. */
  readonly activateOn: number;
}

export interface ActivationSpec extends Spec {
  readonly isProject: boolean;
  /** Logical names of certificates. */
  readonly members: readonly string[];
  /** Ids that the program lists as they are: of certificates that are not its own. */
  readonly literals: readonly string[];
  readonly exclusive: boolean;
  readonly ignored: readonly string[];
  readonly takeOver: boolean;
  readonly allowEmpty: boolean;
  readonly deactivateOnDelete: boolean;
  /** Clients that it requires; client n chains to anchor n. */
  readonly clients: readonly number[];
  /** Whether the program's language tells which certificate is behind an id. */
  readonly hinted: boolean;
}

/** What a program says that gives nothing but the name: an exclusive set of the default organization. */
export const PLAIN_SET: Omit<ActivationSpec, "name"> = {
  aliases: [],
  provider: 0,
  isProject: false,
  members: [],
  literals: [],
  exclusive: true,
  ignored: [],
  takeOver: false,
  allowEmpty: false,
  deactivateOnDelete: false,
  clients: [],
  hinted: true,
};

export const PLAIN_CERTIFICATE = { aliases: [], provider: 0, activateOn: 0 } as const;

/** A user's program, as data. */
export interface Program {
  readonly certificates: readonly CertificateSpec[];
  readonly activations: readonly ActivationSpec[];
}

/** A resource as a program registers it. */
export interface Declared extends Spec {
  readonly kind: Kind;
  readonly dependsOn: readonly string[];
  /** Undefined for what is no project's. */
  readonly projectId: string | undefined;
  /** The inputs, by the ids of what it depends on (in preview the sentinel, where an id is not known yet). */
  inputs(ids: ReadonlyMap<string, string>): Properties;
}

export function placeOf({ organization }: { readonly organization?: unknown }): Place {
  return organization === "eu" ? "eu" : "main";
}

export function anchorOf({ anchor }: Pick<CertificateSpec, "anchor">): Anchor {
  return anchors()[anchor] as Anchor;
}

/** Whether a certificate in state gives way to another one: its content, or its organization, is another. */
export function isReplaced({ inputs, outputs }: Pick<Stored, "inputs" | "outputs">, spec: CertificateSpec): boolean {
  return outputs["fingerprint"] !== anchorOf(spec).fingerprint || placeOf(inputs) !== placeOf(spec);
}

/** The members whose day has come. */
export function due({ members }: ActivationSpec, { certificates }: Program, today: number): CertificateSpec[] {
  return certificates.filter(({ name, activateOn }) => members.includes(name) && activateOn <= today);
}

/** What a program registers today. `projects`: the project's id of each organization. */
export function declare(program: Program, today: number, projects: Readonly<Record<Place, string>>): Declared[] {
  const certificates = program.certificates.map((spec): Declared => {
    const { label: name, adopt, organization, celFilter } = spec;
    const inputs = defined({ certificate: anchorOf(spec).pem, name, adopt, organization, celFilter });
    return { ...spec, kind: "certificate", dependsOn: [], projectId: undefined, inputs: () => inputs };
  });
  const activations = program.activations.map((spec): Declared => {
    const members = due(spec, program, today);
    const projectId = spec.isProject ? projects[placeOf(spec)] : undefined;
    return {
      ...spec,
      kind: spec.isProject ? "project" : "activation",
      dependsOn: members.map(({ name }) => name),
      projectId,
      inputs: (ids) =>
        defined({
          certificateIds: [...members.map(({ name }) => ids.get(name)), ...spec.literals],
          certificateHints: spec.hinted ? members.map((member) => hint(member, ids.get(member.name))) : undefined,
          ...optionsOf(spec),
          projectId,
        }),
    };
  });
  return [...certificates, ...activations];
}

/** The options of an activation, as a program gives them. */
export function optionsOf(spec: ActivationSpec): Properties {
  const { organization, exclusive, ignored, takeOver, allowEmpty, deactivateOnDelete } = spec;
  return defined({
    organization,
    exclusive: exclusive ? undefined : false,
    ignoreCertificateIds: ignored.length > 0 ? ignored : undefined,
    takeOver: takeOver || undefined,
    allowEmpty: allowEmpty || undefined,
    deactivateOnDelete: deactivateOnDelete || undefined,
    requiredClients: spec.clients.length > 0 ? spec.clients.map((client) => clients()[client]) : undefined,
  });
}

/** As the classes of the package tell it: the id is the very output of a Certificate. */
function hint(spec: CertificateSpec, id: string | undefined): Properties {
  const { label: name, organization, adopt, celFilter } = spec;
  return defined({ id, name, certificate: anchorOf(spec).pem, organization, adopt, celFilter, isExact: true });
}

function defined(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}
