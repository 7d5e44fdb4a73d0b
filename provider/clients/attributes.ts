import { isIPv4 } from "node:net";
import type { Facts } from "./facts";
import { FORM, type GeneralName, otherName } from "./names";

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
  /** Of a CUSTOM name (otherName); empty for the others. */
  readonly oid: string;
}

/** What a filter sees of a client. A field that the certificate does not have is the empty string. */
export interface ClientAttributes {
  readonly subject: Readonly<Record<string, string>>;
  readonly subject_alt_names: readonly AlternativeName[];
}

/**
 * What a filter may see of a leaf: more than one where a field has several values, of which the guide does not say which
 * counts. Then both the first ones and the last ones are asked for.
 */
export function attributesOf(leaf: Facts): ClientAttributes[] {
  const names = (leaf.alternativeNames ?? []).flatMap(alternativeName);
  const subjects = [leaf.subjectAttributes, [...leaf.subjectAttributes].reverse()].map((attributes) =>
    Object.fromEntries(
      Object.entries(SUBJECT_FIELDS).map(([field, type]) => [
        field,
        attributes.find((one) => one.type === type)?.text ?? "",
      ]),
    ),
  );
  return subjects.map((subject) => ({ subject, subject_alt_names: names }));
}

function alternativeName({ form, content }: GeneralName): AlternativeName[] {
  const text = content.toString("latin1");
  switch (form) {
    case FORM.dns:
      return [{ type: "DNS", value: text, oid: "" }];
    case FORM.email:
      return [{ type: "EMAIL", value: text, oid: "" }];
    case FORM.uri:
      return [{ type: "URI", value: text, oid: "" }];
    case FORM.ip:
      return [{ type: "IP_ADDRESS", value: address(content), oid: "" }];
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
