import * as pulumi from "@pulumi/pulumi";
import { activates } from "./anchors/activationChoice";
import type { Anchor } from "./anchors/anchor";
import { type FormerName, type FormerNames, formerly } from "./anchors/formerNames";
import type { AnchorMap } from "./anchors/map";
import { notes } from "./anchors/notes";
import { projectsOf } from "./anchors/projects";
import { readAnchors } from "./anchors/read";
import { schedule } from "./anchors/schedule";
import { Certificate } from "./certificate";
import { ACTIVATION_ARGUMENTS, CertificateActivation, type CertificateActivationArgs } from "./certificateActivation";
import { type ArgumentNames, knownArguments } from "./knownArguments";
import { ProjectCertificateActivation } from "./projectCertificateActivation";

/** Arguments of {@link TrustAnchors}: the anchors with their dates, where they are active, and the activation's options. */
export interface TrustAnchorsArgs extends Omit<CertificateActivationArgs, "certificateIds"> {
  /**
   * A folder of certificate files (`*.pem`, `*.crt` or `*.cer`, in any case, PEM or DER), relative to the working
   * directory, which is the program's folder. An anchor is named after its file, without the extension; an `anchors.yaml`
   * beside the files may give dates, names and filters. Or a map of names to PEM texts or {@link TrustAnchor}s.
   */
  anchors: string | AnchorMap;
  /**
   * The projects to activate the anchors in, instead of the organization: a list of ids, or a map of names of your choice
   * to ids, for ids that are outputs. Each project gets an activation of its own.
   */
  projectIds?: readonly string[] | Readonly<Record<string, pulumi.Input<string>>> | undefined;
  /**
   * Default true. False: the anchors are only uploaded, and the program lists `activeCertificateIds` in an activation of its
   * own, for example together with those of another folder. Options of an activation are refused then.
   */
  activate?: boolean | undefined;
  /**
   * True: the activations are protected from deletion, as with Pulumi's option `protect`; the certificates are not, since
   * a rotation deletes them. Default: as the component.
   */
  protectActivation?: boolean | undefined;
  /**
   * What these resources were called while the program declared them itself, so that they keep their state. By default a
   * certificate had its anchor's name, the organization's activation this component's, a project's activation the project's,
   * and all had this component's parent. False: these are new resources, and those of the same names stay.
   */
  formerNames?: FormerNames | false | undefined;
}

const { certificateIds: _, ...OPTIONS } = ACTIVATION_ARGUMENTS;
const ARGUMENTS: ArgumentNames<TrustAnchorsArgs> = {
  anchors: true,
  projectIds: true,
  activate: true,
  protectActivation: true,
  formerNames: true,
  ...OPTIONS,
};

const TYPE = "openai:index:TrustAnchors";

/** What a component's resources are: this package's classes, or in the native plugin its own types. */
export interface AnchorResources {
  readonly type: string;
  readonly Certificate: typeof Certificate;
  readonly CertificateActivation: typeof CertificateActivation;
  readonly ProjectCertificateActivation: typeof ProjectCertificateActivation;
}

const DYNAMIC: AnchorResources = { type: TYPE, Certificate, CertificateActivation, ProjectCertificateActivation };

/**
 * Trust anchors by their dates: uploads each, keeps those whose time it is in the active set, and deletes the retired
 * ones. An anchor is active while `activateOn` ≤ today < `retireOn` (days in UTC); before, it is only uploaded, and from
 * `retireOn` on it is deleted. Run once a day, this carries a rotation through with its overlap.
 *
 * Throws a RunError, before anything is registered, for anchors that cannot be read, for two with the same certificate or
 * the same name, and for dates that are invalid or contradict each other.
 *
 * @example
 * ```ts
 * import { TrustAnchors } from "pulumi-openai-certificates";
 *
 * // anchors/corp-root-2026.pem, anchors/corp-root-2027.pem, and anchors/anchors.yaml with their dates
 * const org = new TrustAnchors("org", { anchors: "anchors", protectActivation: true });
 * export const certificateIds = org.certificateIds;
 * ```
 */
export class TrustAnchors extends pulumi.ComponentResource {
  /** By anchor: the certificates that are uploaded, also those that are not active yet. */
  readonly certificates: Readonly<Record<string, Certificate>>;
  /** By anchor: their ids. */
  readonly certificateIds: pulumi.Output<Record<string, string>>;
  /** The ids of the anchors that are active today by their dates, in the order of their names. */
  readonly activeCertificateIds: pulumi.Output<string>[];
  /** The active sets, by `organization`, or by project as in `projectIds`; none with `activate: false`. */
  readonly activations: Readonly<Record<string, CertificateActivation | ProjectCertificateActivation>>;

  constructor(name: string, args: TrustAnchorsArgs, opts?: pulumi.ComponentResourceOptions);
  /** @internal */
  constructor(
    name: string,
    args: TrustAnchorsArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
    resources: AnchorResources,
  );
  constructor(
    name: string,
    args: TrustAnchorsArgs,
    opts?: pulumi.ComponentResourceOptions,
    resources: AnchorResources = DYNAMIC,
  ) {
    const {
      anchors: given,
      formerNames,
      organization,
      activate,
      ...activation
    } = knownArguments("TrustAnchors", name, args, ARGUMENTS);
    const { projectIds, protectActivation, ...options } = activation;
    const isActivating = activates(name, activate, activation);
    const { anchors, twins, warnings } = readAnchors(name, given);
    const projects = projectsOf(name, projectIds);
    const planned = schedule(anchors, new Date());
    super(resources.type, name, {}, opts);
    const told = notes(anchors, planned, { activates: isActivating, ...aboutTheSet(options) });
    tell(this, told.info, [...warnings, ...told.warnings]);

    const former: FormerNames = formerNames || {};
    const optionsFor = (known: FormerName | undefined, byDefault: string): pulumi.CustomResourceOptions => ({
      parent: this,
      aliases: formerNames === false ? [] : [formerly(known ?? byDefault, opts?.parent)],
    });

    const upload = (anchor: Anchor) => {
      const { key, adopt, celFilter } = anchor;
      const certificate = twins.distinct(anchor, name);
      return new resources.Certificate(
        `${name}-${key}`,
        { certificate, name: anchor.name ?? key, organization, adopt, celFilter },
        optionsFor(former.certificates?.[key], key),
      );
    };
    const declared = anchors.filter(({ key }) => planned.declared.includes(key));
    this.certificates = Object.fromEntries(declared.map((anchor) => [anchor.key, upload(anchor)]));
    this.certificateIds = pulumi.all(
      Object.fromEntries(Object.entries(this.certificates).map(([key, { id }]) => [key, id])),
    );
    this.activeCertificateIds = planned.active.map((key) => this.certificates[key]!.id);

    const set = { ...options, organization, certificateIds: this.activeCertificateIds };
    const activationOptions = (key: string, byDefault: string): pulumi.CustomResourceOptions => ({
      ...optionsFor(former.activations?.[key], byDefault),
      ...(protectActivation === undefined ? {} : { protect: protectActivation }),
    });
    const inOrganization = () =>
      new resources.CertificateActivation(name, set, activationOptions("organization", name));
    const inProject = (key: string, projectId: pulumi.Input<string>) =>
      new resources.ProjectCertificateActivation(`${name}-${key}`, { ...set, projectId }, activationOptions(key, key));
    if (!isActivating) {
      this.activations = {};
    } else if (projects === undefined) {
      this.activations = { organization: inOrganization() };
    } else {
      this.activations = Object.fromEntries(Object.entries(projects).map(([key, id]) => [key, inProject(key, id)]));
    }
    this.registerOutputs({ certificateIds: this.certificateIds, activeCertificateIds: this.activeCertificateIds });
  }

  /** Whether a value is a `TrustAnchors`, also one of another copy of this package. */
  static override isInstance(value: unknown): value is TrustAnchors {
    return pulumi.Resource.isInstance(value) && (value as { __pulumiType?: unknown }).__pulumiType === TYPE;
  }
}

function aboutTheSet({
  exclusive,
  ignoreCertificateIds,
  allowEmpty,
}: Omit<CertificateActivationArgs, "certificateIds">) {
  return {
    // Also where this is an output, which may turn out to leave others alone.
    othersMayBeActive: (exclusive ?? true) !== true || ignoreCertificateIds !== undefined,
    allowEmpty: (allowEmpty ?? false) !== false,
  };
}

function tell(component: pulumi.Resource, info: string | undefined, warnings: readonly string[]): void {
  if (info !== undefined) {
    void pulumi.log.info(info, component);
  }
  for (const warning of warnings) {
    void pulumi.log.warn(warning, component);
  }
}
