import { rootCertificates } from "node:tls";
import { type InlineProgramArgs, LocalWorkspace } from "@pulumi/pulumi/automation";
import { getCertificates, TrustAnchors } from "pulumi-openai-certificates";

const [certificate = ""] = rootCertificates.slice(-1);

async function program() {
  // Before anything is changed: what is active in the organization, from this program or not.
  const before = await getCertificates({ active: true });
  // deactivateOnDelete: so that `destroy` can clean up after trying this out.
  const org = new TrustAnchors("org", { anchors: { "corp-root-2026": certificate }, deactivateOnDelete: true });
  return {
    activeBefore: before.map(({ name }) => name),
    active: org.activations.organization?.certificateIds,
  };
}

const inline: InlineProgramArgs = { stackName: "dev", projectName: "openai-certificates-automation", program };

/** `check` says whether something differs from the program, by its exit code; `apply` makes it so; `destroy` removes all. */
async function main(job: string | undefined): Promise<number> {
  const stack = await LocalWorkspace.createOrSelectStack(inline, { workDir: __dirname });
  const onOutput = (text: string) => process.stdout.write(text);
  switch (job) {
    case "check": {
      const { changeSummary } = await stack.preview({ refresh: true, onOutput });
      const { same, ...changes } = changeSummary as Record<string, number>;
      console.log(`${same ?? 0} as declared, to change: ${JSON.stringify(changes)}`);
      return Object.keys(changes).length === 0 ? 0 : 1;
    }
    case "apply": {
      const { outputs } = await stack.up({ onOutput });
      console.log(`active before: ${JSON.stringify(outputs["activeBefore"]?.value)}`);
      return 0;
    }
    case "destroy":
      await stack.destroy({ onOutput });
      return 0;
    default:
      console.error("usage: npx tsx index.ts check|apply|destroy");
      return 2;
  }
}

main(process.argv[2]).then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
