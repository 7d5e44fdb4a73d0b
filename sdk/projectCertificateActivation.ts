import * as pulumi from "@pulumi/pulumi";
import { activationProps, type CertificateActivationArgs } from "./certificateActivation";
import { projectCertificateActivationProvider } from "./closures";

/** Arguments of {@link ProjectCertificateActivation}. */
export interface ProjectCertificateActivationArgs extends CertificateActivationArgs {
  /** The project, such as `proj_abc`. A change replaces. */
  projectId: pulumi.Input<string>;
}

/**
 * The active set of one project. The API checks a project's active anchors before the organization's: as soon as a
 * project has one, only its own set decides for it. Its id is the project's id.
 */
export class ProjectCertificateActivation extends pulumi.dynamic.Resource {
  /** What was observed to be active in the project: without the ignored, or the wanted among them where it is not exclusive. Sorted. */
  declare readonly certificateIds: pulumi.Output<string[]>;
  declare readonly projectId: pulumi.Output<string>;

  constructor(name: string, args: ProjectCertificateActivationArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      projectCertificateActivationProvider,
      name,
      { projectId: undefined, ...activationProps(name, args, opts) },
      opts,
      "openai",
      "ProjectCertificateActivation",
    );
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
}
