import * as pulumi from "@pulumi/pulumi";
import type { Anchor } from "./anchors/anchor";
import { type FormerName, type FormerNames, formerly } from "./anchors/formerNames";
import type { AnchorMap } from "./anchors/map";
import { notes } from "./anchors/notes";
import { projectsOf } from "./anchors/projects";
import { readAnchors } from "./anchors/read";
import { type Schedule, schedule } from "./anchors/schedule";
import { Certificate } from "./certificate";
import { CertificateActivation, type CertificateActivationArgs } from "./certificateActivation";
import { ProjectCertificateActivation } from "./projectCertificateActivation";

/** Arguments of {@link TrustAnchors}: the anchors with their dates, where they are active, and the activation's options. */
export interface TrustAnchorsArgs extends Omit<CertificateActivationArgs, "certificateIds"> {
  /**
   * A folder of `*.pem` files (a file's name is its anchor's; an `anchors.yaml` beside them may give dates), relative to
   * the working directory, which is the program's folder; or a map of names to PEM texts or {@link TrustAnchor}s.
   */
  anchors: string | AnchorMap;
  /**
   * The projects to activate the anchors in, instead of the organization: their ids, or names of your choice → ids where
   * an id is an output. Each gets an activation of its own.
   */
  projectIds?: readonly string[] | Readonly<Record<string, pulumi.Input<string>>> | undefined;
  /**
   * What these resources were called while the program declared them itself, so that their state moves along. By default
   * a certificate was called like its anchor, the organization's activation like this component, a project's like the
   * project, and all stood where this component stands. `false`: these are new, and resources of those names go on.
   */
  formerNames?: FormerNames | false | undefined;
}

/**
 * Trust anchors by their dates: uploads each, keeps those whose time it is in the active set, and deletes the retired
 * ones. An anchor is active while `activateOn` ≤ today < `retireOn` (days in UTC); it is uploaded before, and gone from
 * `retireOn` on. Run on a schedule, dates alone carry a rotation through with its overlap.
 *
 * Throws a RunError, before anything is registered, for anchors that cannot be read, for two that hold the same
 * certificate, and for dates that are none or contradict each other.
 */
export class TrustAnchors extends pulumi.ComponentResource {
  /** By anchor: the certificates that are uploaded, also those that are not active yet. */
  readonly certificates: Readonly<Record<string, Certificate>>;
  /** By anchor: their ids. */
  readonly certificateIds: pulumi.Output<Record<string, string>>;
  /** The active sets, by `organization`, or by project as in `projectIds`. */
  readonly activations: Readonly<Record<string, CertificateActivation | ProjectCertificateActivation>>;

  constructor(name: string, args: TrustAnchorsArgs, opts?: pulumi.ComponentResourceOptions) {
    const { anchors: given, projectIds, formerNames, ...options } = args;
    const { anchors, twins } = readAnchors(name, given);
    const projects = projectsOf(name, projectIds);
    const planned = schedule(anchors, new Date());
    super("openai:index:TrustAnchors", name, {}, opts);
    tell(this, anchors, planned, options);

    const former: FormerNames = formerNames || {};
    const optionsFor = (known: FormerName | undefined, byDefault: string): pulumi.CustomResourceOptions => ({
      parent: this,
      aliases: formerNames === false ? [] : [formerly(known ?? byDefault, opts?.parent)],
    });

    const upload = (anchor: Anchor) => {
      const certificate = twins.distinct(anchor, name);
      const { key, adopt } = anchor;
      return new Certificate(
        `${name}-${key}`,
        { certificate, name: anchor.name ?? key, organization: options.organization, adopt },
        optionsFor(former.certificates?.[key], key),
      );
    };
    const declared = anchors.filter(({ key }) => planned.declared.includes(key));
    this.certificates = Object.fromEntries(declared.map((anchor) => [anchor.key, upload(anchor)]));
    this.certificateIds = pulumi.all(
      Object.fromEntries(Object.entries(this.certificates).map(([key, { id }]) => [key, id])),
    );

    const set = { ...options, certificateIds: planned.active.map((key) => this.certificates[key]!.id) };
    const activate = (key: string, projectId: pulumi.Input<string>) =>
      new ProjectCertificateActivation(
        `${name}-${key}`,
        { ...set, projectId },
        optionsFor(former.activations?.[key], key),
      );
    this.activations =
      projects === undefined
        ? { organization: new CertificateActivation(name, set, optionsFor(former.activations?.["organization"], name)) }
        : Object.fromEntries(Object.entries(projects).map(([key, id]) => [key, activate(key, id)]));
    this.registerOutputs({ certificateIds: this.certificateIds });
  }
}

function tell(
  component: pulumi.Resource,
  anchors: readonly Anchor[],
  planned: Schedule,
  { exclusive, ignoreCertificateIds, allowEmpty }: Omit<CertificateActivationArgs, "certificateIds">,
): void {
  const { info, warnings } = notes(anchors, planned, {
    // Also where this is an output, which may turn out to leave others alone.
    othersMayBeActive: (exclusive ?? true) !== true || ignoreCertificateIds !== undefined,
    allowEmpty: (allowEmpty ?? false) !== false,
  });
  if (info !== undefined) {
    void pulumi.log.info(info, component);
  }
  for (const warning of warnings) {
    void pulumi.log.warn(warning, component);
  }
}
