import { isIPv4 } from "node:net";
import type { Facts } from "./facts";
import { type Attribute, FORM, type GeneralName, otherName } from "./names";

/** The subject's fields that a filter can read (the vendor's mTLS guide), by their type in the certificate. */
export const SUBJECT_FIELDS: Readonly<Record<string, string>> = {
  common_name: "2.5.4.3",
  country_code: "2.5.4.6",
  organization: "2.5.4.10",
  organizational_unit: "2.5.4.11",
  locality: "2.5.4.7",
  province: "2.5.4.8",
  street_address: "2.5.4.9",
  postal_code: "2.5.4.17",
};

export const NAME_FIELDS = ["type", "value", "oid"];
export const NAME_TYPES = ["DNS", "EMAIL", "IP_ADDRESS", "URI", "CUSTOM"] as const;

export interface AlternativeName {
  readonly type: (typeof NAME_TYPES)[number];
  readonly value: string;
  /** Of a CUSTOM name (otherName); the others have none. */
  readonly oid?: string;
}

/** What a filter sees of a client. */
export interface ClientAttributes {
  readonly subject: Readonly<Record<string, string>>;
  readonly subject_alt_names: readonly AlternativeName[];
}

/**
 * All that a filter may see of a leaf, since the guide does not say which it is: a field that the certificate does not
 * have may be missing or empty, and of several values the first or the last may count.
 */
export function attributesOf(leaf: Facts): ClientAttributes[] {
  const names = (leaf.alternativeNames ?? []).flatMap(alternativeName);
  const found = [leaf.subjectAttributes, [...leaf.subjectAttributes].reverse()].map(subjectOf);
  return found.flatMap((subject) => [
    { subject, subject_alt_names: names },
    { subject: { ...NO_FIELD, ...subject }, subject_alt_names: names.map((name) => ({ oid: "", ...name })) },
  ]);
}

const NO_FIELD = Object.fromEntries(Object.keys(SUBJECT_FIELDS).map((field) => [field, ""]));

function subjectOf(attributes: readonly Attribute[]): ClientAttributes["subject"] {
  const fields = Object.entries(SUBJECT_FIELDS).flatMap(([field, type]) => {
    const attribute = attributes.find((one) => one.type === type);
    return attribute ? [[field, attribute.text] as const] : [];
  });
  return Object.fromEntries(fields);
}

function alternativeName({ form, content }: GeneralName): AlternativeName[] {
  const text = content.toString("latin1");
  switch (form) {
    case FORM.dns:
      return [{ type: "DNS", value: text }];
    case FORM.email:
      return [{ type: "EMAIL", value: text }];
    case FORM.uri:
      return [{ type: "URI", value: text }];
    case FORM.ip:
      return [{ type: "IP_ADDRESS", value: address(content) }];
    case FORM.other: {
      const { type, text: value } = otherName(content);
      return [{ type: "CUSTOM", value, oid: type }];
    }
    default:
      return []; // The guide has no type for directory names and registered identifiers.
  }
}

function address(bytes: Buffer): string {
  const text = [...bytes].join(".");
  if (isIPv4(text)) return text;
  const groups = Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readUInt16BE(2 * i).toString(16));
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}
