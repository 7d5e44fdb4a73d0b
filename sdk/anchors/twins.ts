import * as pulumi from "@pulumi/pulumi";
import { parsePem } from "../../provider/pem";
import type { Anchor } from "./anchor";

/** Anchors that hold one and the same certificate: the API would take it twice, and its dates would contradict each other. */
export class Twins {
  /** Fingerprint → where it is held. */
  private readonly held = new Map<string, string>();

  /** Records the certificate of an anchor; answers what is wrong where another anchor has it already. */
  claim(fingerprint: string, where: string): string | undefined {
    const first = this.held.get(fingerprint);
    if (first === undefined) {
      this.held.set(fingerprint, where);
      return undefined;
    }
    return `${first} and ${where} hold the same certificate (SHA-256 ${fingerprint}): remove one of them`;
  }

  /** The anchor's PEM; where it is an output, one that fails when it turns out to hold another anchor's certificate. */
  distinct({ certificate, parsed, where }: Anchor, component: string): pulumi.Input<string> {
    if (parsed !== undefined) {
      return certificate;
    }
    return pulumi.output(certificate).apply((text) => {
      const read = parsePem(text);
      const problem = "certificate" in read ? this.claim(read.certificate.fingerprint, where) : undefined;
      if (problem !== undefined) {
        throw new pulumi.RunError(`TrustAnchors "${component}": ${problem}`);
      }
      return text;
    });
  }
}
