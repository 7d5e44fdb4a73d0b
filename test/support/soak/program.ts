import type { Declared } from "./fakeEngine";

export interface CertificateSpec {
  /** Which of the world's anchors, by index. */
  readonly anchor: number;
  readonly label: string;
}

export interface ActivationSpec {
  /** The resource's name; another one is another resource of the same scope. */
  readonly name: string;
  /** Undefined for the organization. */
  readonly projectId: string | undefined;
  readonly exclusive: boolean;
  /** Resource names of the certificates that shall be active. */
  readonly members: readonly string[];
  /** Ids of others' certificates that are left alone. */
  readonly ignored: readonly string[];
}

/** A user's program, as data. */
export interface Program {
  readonly certificates: ReadonlyMap<string, CertificateSpec>;
  readonly activations: readonly ActivationSpec[];
  /** Whether every certificate says `adopt: true`. */
  readonly adopt: boolean;
}

/** The resources that a program registers, with the properties that the SDK gives them. */
export function declare(program: Program, pemOf: (anchor: number) => string): Declared[] {
  const certificates = [...program.certificates].map(([name, { anchor, label }]): Declared => {
    const inputs = { certificate: pemOf(anchor), name: label, ...(program.adopt ? { adopt: true } : {}) };
    return { kind: "certificate", name, dependsOn: [], inputs: () => inputs };
  });
  const activations = program.activations.map((spec): Declared => {
    const { name, projectId, exclusive, members, ignored } = spec;
    return {
      kind: projectId === undefined ? "activation" : "project",
      name,
      dependsOn: members,
      inputs: (ids) => ({
        certificateIds: members.map((member) => ids.get(member)),
        takeOver: true,
        ...(exclusive ? {} : { exclusive }),
        ...(members.length === 0 ? { allowEmpty: true } : {}),
        ...(ignored.length === 0 ? {} : { ignoreCertificateIds: ignored }),
        ...(projectId === undefined ? {} : { projectId }),
      }),
    };
  });
  return [...certificates, ...activations];
}
