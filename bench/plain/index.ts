import { readdirSync, readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { activationProvider, certificateProvider } from "./provider";

class PlainCertificate extends pulumi.dynamic.Resource {
  constructor(name: string, args: { name: string; certificate: string }) {
    super(certificateProvider, name, args);
  }
}

class PlainActivation extends pulumi.dynamic.Resource {
  constructor(name: string, args: { certificateIds: pulumi.Input<string>[] }) {
    super(activationProvider, name, args);
  }
}

const certificates = readdirSync("anchors").map(
  (name) => new PlainCertificate(name, { name, certificate: readFileSync(`anchors/${name}`, "utf8") }),
);
new PlainActivation("org", { certificateIds: certificates.map(({ id }) => id) });
