/*
 * The engine keeps the text of a dynamic provider as `__provider` in the inputs and outputs of every resource, and read
 * and delete run the copy in the outputs for as long as the resource lives. So what stands there is frozen in users'
 * state: it holds no logic, only the way to the package, and it never changes between releases (a test pins it).
 *
 * The provider process evaluates any text and takes what `handler()` returns for the provider (@pulumi/pulumi
 * cmd/dynamic-provider). A constant line needs no closure serialization, which would load the TypeScript compiler in
 * every run, fail under Bun, and write several times as much into state.
 */

/** Names the exports of `pulumi-openai-certificates/provider`, which are never removed. */
export type Export = "certificate" | "certificateActivation" | "projectCertificateActivation";

/** The text of `__provider`. Where the package cannot be loaded, it says why and what to do, once for each call. */
export function providerText(name: Export): string {
  const load = `return require("pulumi-openai-certificates/provider").${name}`;
  const explain =
    "e.message='cannot load the package pulumi-openai-certificates: '+e.message.split('\\n')[0]" +
    "+'. Add it to the dependencies in the package.json of this Pulumi program, and install them'";
  // That process prints `${error}: ${error.stack}`.
  const brief = "e.stack=e.message;e.toString=()=>'pulumi-openai-certificates'";
  return `exports.handler=()=>{try{${load}}catch(e){${explain};${brief};throw e}}`;
}
