import * as pulumi from "@pulumi/pulumi";

/**
 * Refuses options that would be taken for something they are not. The functions read with the stack's configuration, not
 * through a provider: one that was given for another organization's key would be ignored, and the wrong organization read.
 */
export function checkOptions(called: string, opts: pulumi.InvokeOptions | undefined): void {
  if (opts?.provider !== undefined) {
    throw new pulumi.RunError(
      `${called}: the option provider has no effect here, because the admin key comes from the stack's configuration or ` +
        "the environment. To read another organization, add it to openai:organizations and pass its name as organization",
    );
  }
}

/** As {@link checkOptions}, for the forms that answer a promise and so cannot wait for resources. */
export function checkPlainOptions(called: string, opts: pulumi.InvokeOutputOptions | undefined): void {
  checkOptions(called, opts);
  if (opts?.dependsOn !== undefined) {
    throw new pulumi.RunError(`${called}: dependsOn works only with the output form: call ${called}Output`);
  }
}

/**
 * Known once the resources exist, and dependent on all of them; in a preview that would create one of them, it stays
 * unknown. A component stands for the resources in it, as in Pulumi's own invokes (sdk/nodejs/runtime/dependsOn.ts).
 */
export function resourcesOf(dependsOn: pulumi.InvokeOutputOptions["dependsOn"]): pulumi.Output<unknown> {
  return pulumi.output(dependsOn).apply((given) => {
    const resources = given === undefined ? [] : Array.isArray(given) ? given : [given];
    return pulumi.all(resources.map((resource) => existence(resource)));
  });
}

/** A resource, and what the SDK keeps of a component: when its constructor is done, and what is in it (both internal). */
type Waited = pulumi.Resource & {
  readonly __data?: Promise<unknown>;
  readonly __childResources?: ReadonlySet<pulumi.Resource>;
};

function existence(given: unknown): pulumi.Output<unknown> {
  if (!pulumi.Resource.isInstance(given)) {
    throw new pulumi.RunError("dependsOn: this value is not a resource");
  }
  const resource: Waited = given;
  if (pulumi.CustomResource.isInstance(given)) {
    return given.id;
  }
  const children = async () => {
    await resource.__data;
    return [...(resource.__childResources ?? [])];
  };
  return pulumi.all([resource.urn, pulumi.output(children()).apply((all) => pulumi.all(all.map(existence)))]);
}
