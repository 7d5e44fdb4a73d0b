import * as pulumi from "@pulumi/pulumi";
import { parsePem } from "../../provider/pem";
import { redact } from "../../provider/redact";
import type { Reading, TrustAnchor } from "./anchor";
import { dateProblems } from "./dates";

/** Names → PEM, or an anchor with dates. */
export type AnchorMap = Readonly<Record<string, pulumi.Input<string> | TrustAnchor>>;

const KEYS = ["certificate", "name", "activateOn", "retireOn", "adopt"];

/** The anchors of a map. A PEM that is an output is judged once it is known. */
export function readMap(map: AnchorMap | undefined): Reading {
  const entries = Object.entries(map ?? {});
  if (entries.length === 0) {
    return {
      anchors: [],
      problems: ["anchors names none: give a folder of *.pem files, or a map of names to PEM texts"],
    };
  }
  const readings = entries.map(([key, given]) => readAnchor(key, given));
  return {
    anchors: readings.flatMap(({ anchors }) => anchors),
    problems: readings.flatMap(({ problems }) => problems),
  };
}

function readAnchor(key: string, given: pulumi.Input<string> | TrustAnchor): Reading {
  const where = `anchors[${JSON.stringify(redact(key))}]`;
  if (key.trim() === "") {
    return failed("anchors has an anchor without a name");
  }
  const anchor = asAnchor(given);
  if (anchor === undefined) {
    return failed(`${where} has no certificate: give a PEM text, or an object with one in certificate`);
  }
  const stray = Object.keys(anchor).find((property) => !KEYS.includes(property));
  if (stray !== undefined) {
    return failed(`${where} has an unknown property "${redact(stray)}"; known are ${KEYS.join(", ")}`);
  }
  const { certificate } = anchor;
  if (typeof certificate !== "string") {
    return {
      anchors: [{ ...anchor, key, where, parsed: undefined }],
      problems: dateProblems(where, anchor, undefined),
    };
  }
  const read = parsePem(certificate);
  if ("problem" in read) {
    return failed(`${where} ${read.problem}`);
  }
  const parsed = read.certificate;
  return { anchors: [{ ...anchor, key, where, parsed }], problems: dateProblems(where, anchor, parsed.expiresAt) };
}

function asAnchor(given: unknown): TrustAnchor | undefined {
  if (typeof given === "string" || isEventual(given)) {
    return { certificate: given as pulumi.Input<string> };
  }
  if (typeof given !== "object" || given === null) {
    return undefined;
  }
  const { certificate } = given as Partial<TrustAnchor>;
  return typeof certificate === "string" || isEventual(certificate) ? (given as TrustAnchor) : undefined;
}

function isEventual(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

function failed(problem: string): Reading {
  return { anchors: [], problems: [problem] };
}
