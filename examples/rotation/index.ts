import * as fs from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { Certificate, CertificateActivation } from "pulumi-openai-certificates";

// In a repository each stage is a pull request that edits this program; configuration lets you try them out one by one.
const STAGES = ["before", "uploaded", "overlap", "retired", "after"] as const;
type Stage = (typeof STAGES)[number];

const config = new pulumi.Config();
const stage = config.get<Stage>("stage", { allowedValues: [...STAGES] }) ?? "before";
/** Which authority has issued what the gateway presents today. */
const gateway = config.get("gateway") ?? "2026";

const isAt = (...stages: Stage[]) => stages.includes(stage);
const anchor = (name: string) => new Certificate(name, { certificate: fs.readFileSync(`anchors/${name}.pem`, "utf8") });

const old = isAt("after") ? undefined : anchor("corp-root-2026");
const next = isAt("before") ? undefined : anchor("corp-root-2027");

const active = [isAt("retired") ? undefined : old, isAt("uploaded") ? undefined : next];
const org = new CertificateActivation("org", {
  certificateIds: active.flatMap((certificate) => (certificate === undefined ? [] : [certificate.id])),
  requiredClients: [fs.readFileSync(`clients/gateway-${gateway}.pem`, "utf8")],
});

export const activeIds = org.certificateIds;
