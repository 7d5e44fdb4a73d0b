import type * as pulumi from "@pulumi/pulumi";
import type { CertificateActivationArgs } from "./certificateActivation";
import { warnAboutConfiguration } from "./configuration";
import { hintsFor } from "./hints";
import { claimScope } from "./oneActivation";

/** The properties of an activation; a managed one claims its scope and tells what its ids stand for. */
export function activationProps(
  name: string,
  args: CertificateActivationArgs & { projectId?: pulumi.Input<string> },
  opts: pulumi.CustomResourceOptions | undefined,
  providerText: string,
): pulumi.Inputs {
  const { certificateIds, organization, exclusive, ignoreCertificateIds, takeOver, allowEmpty } = args ?? {};
  const { requiredClients, deactivateOnDelete, projectId } = args ?? {};
  const isManaged = opts?.id === undefined;
  warnAboutConfiguration();
  const scope = isManaged ? claimScope({ by: name, organization, projectId }) : { organization, projectId };
  return {
    certificateIds,
    organization: scope.organization,
    exclusive,
    ignoreCertificateIds,
    takeOver,
    allowEmpty,
    deactivateOnDelete,
    requiredClients,
    ...(projectId === undefined ? {} : { projectId: scope.projectId }),
    ...(isManaged ? { certificateHints: hintsFor(certificateIds) } : {}),
    listedCertificateIds: undefined,
    heldBackCertificateIds: undefined,
    retiringCertificateIds: undefined,
    organizationId: undefined,
    __provider: providerText,
  };
}

/** A replacement, which only another organization or project causes, deletes first: nothing is taken away by that. */
export function activationOptions(opts: pulumi.CustomResourceOptions | undefined): pulumi.CustomResourceOptions {
  return { deleteBeforeReplace: true, ...opts };
}
