import * as pulumi from "@pulumi/pulumi";
import { activationOptions, activationProps } from "./activationProps";
import type { ActiveSet } from "./activeSet";
import { ACTIVATION_ARGUMENTS, type CertificateActivationArgs } from "./certificateActivation";
import { providerText } from "./dynamicProvider";
import { type ArgumentNames, knownArguments } from "./knownArguments";
import { pausePromiseStacks } from "./promiseStacks";

/** Arguments of {@link ProjectCertificateActivation}. */
export interface ProjectCertificateActivationArgs extends CertificateActivationArgs {
  /** The project, such as `proj_abc`. A change replaces. */
  projectId: pulumi.Input<string>;
}

const TYPE = "pulumi-nodejs:dynamic/openai:ProjectCertificateActivation";
const PROVIDER = providerText("projectCertificateActivation");
const ARGUMENTS: ArgumentNames<ProjectCertificateActivationArgs> = { projectId: true, ...ACTIVATION_ARGUMENTS };

export interface ProjectCertificateActivation extends ActiveSet {}

/**
 * The active set of one project. The API checks a project's active anchors before the organization's; list all that the
 * project's clients need. Its id is the project's id; a program has one for each project.
 *
 * @example
 * new ProjectCertificateActivation("search", { projectId: "proj_abc", certificateIds: [root.id] });
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: what the interface declares, Pulumi's constructor sets.
export class ProjectCertificateActivation extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = TYPE;

  declare readonly projectId: pulumi.Output<string>;

  constructor(name: string, args: ProjectCertificateActivationArgs, opts?: pulumi.CustomResourceOptions) {
    const known = knownArguments("ProjectCertificateActivation", name, args, ARGUMENTS);
    const props = { projectId: undefined, ...activationProps(name, known, opts, PROVIDER) };
    const resume = pausePromiseStacks(opts);
    try {
      super(TYPE, name, props, activationOptions(opts));
    } finally {
      resume();
    }
  }

  /** A project's active set as it is (id: the project's id), to read its outputs. Pulumi does not manage it. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    args?: Pick<CertificateActivationArgs, "organization" | "ignoreCertificateIds">,
    opts?: pulumi.CustomResourceOptions,
  ): ProjectCertificateActivation {
    return new ProjectCertificateActivation(name, args as ProjectCertificateActivationArgs, { ...opts, id });
  }

  /** Whether a value is a ProjectCertificateActivation, also one of another copy of this package. */
  static override isInstance(value: unknown): value is ProjectCertificateActivation {
    return pulumi.CustomResource.isInstance(value) && (value as { __pulumiType?: unknown }).__pulumiType === TYPE;
  }
}
