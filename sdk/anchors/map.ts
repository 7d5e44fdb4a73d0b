import type * as pulumi from "@pulumi/pulumi";
import { parsePem } from "../../provider/pem";
import { redact, redactName } from "../../provider/redact";
import { failed, type Reading, type TrustAnchor, together } from "./anchor";
import { celFilterProblem, isEventual } from "./celFilter";
import { dateProblems } from "./dates";

/** Names → PEM, or an anchor with dates. */
export type AnchorMap = Readonly<Record<string, pulumi.Input<string> | TrustAnchor>>;

const KEYS = ["certificate", "name", "activateOn", "retireOn", "adopt", "celFilter"];

/** The anchors of a map. A PEM that is an output is checked once it is known. */
export function readMap(map: AnchorMap | undefined): Reading {
  const entries = Object.entries(map ?? {});
  return entries.length === 0
    ? failed("anchors is empty: give a folder of PEM files, or a map of names to PEM texts")
    : together(entries.map(([key, given]) => readAnchor(key, given)));
}

function readAnchor(key: string, given: pulumi.Input<string> | TrustAnchor): Reading {
  const where = `anchors[${JSON.stringify(redactName(key))}]`;
  if (key.trim() === "") {
    return failed("anchors has an entry with an empty name");
  }
  const anchor = asAnchor(given);
  if (anchor === undefined) {
    return failed(`${where} has no certificate: give a PEM text, or an object with a PEM text as its certificate`);
  }
  const stray = Object.keys(anchor).find((property) => !KEYS.includes(property));
  if (stray !== undefined) {
    return failed(`${where} has an unknown property "${redact(stray)}"; the known ones are ${KEYS.join(", ")}`);
  }
  const { certificate, celFilter } = anchor;
  const read = typeof certificate === "string" ? parsePem(certificate) : undefined;
  if (read !== undefined && "problem" in read) {
    return failed(`${where} ${read.problem}`);
  }
  const parsed = read?.certificate;
  const filter = celFilterProblem(where, celFilter);
  return {
    anchors: [{ ...anchor, key, where, parsed }],
    problems: [...dateProblems(where, anchor, parsed?.expiresAt), ...(filter === undefined ? [] : [filter])],
    warnings: [],
  };
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
