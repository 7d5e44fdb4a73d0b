import { anchorWarnings } from "../../provider/clients";
import { named } from "../named";
import type { ReadAnchor } from "./build";
import { type Facts, finding } from "./finding";
import type { AnchorReport, Finding } from "./model";
import { isActive } from "./scopes";

/** What is wrong with the text that was uploaded, or with the certificate in it. */
export function aboutContent(anchor: AnchorReport, read: readonly ReadAnchor[]): Finding[] {
  const content = read.find(({ id }) => id === anchor.id)?.read;
  const about = { anchorIds: [anchor.id] };
  if (content === undefined) return [];
  if ("problem" in content) {
    const message = `The content of ${named(anchor)} cannot be read: it ${content.problem}`;
    return [finding("warning", "unreadable", message, "Check what was uploaded, and upload it again.", about)];
  }
  return [...aboutBundle(anchor, content.uploaded), ...aboutAuthority(anchor, content.pem)];
}

/** Where nobody could chain to it, activating it refuses everybody. */
function aboutAuthority(anchor: AnchorReport, pem: string): Finding[] {
  const advice = isActive(anchor)
    ? "Check with `openai-certificates probe` that its clients are accepted; if not, activate the authority that issued their certificates."
    : "Do not activate it before you know that its clients would be accepted.";
  return anchorWarnings(pem).map((warning) =>
    finding("warning", "accepts-nobody", `${named(anchor)} ${warning}`, advice, { anchorIds: [anchor.id] }),
  );
}

function aboutBundle(anchor: AnchorReport, uploaded: number): Finding[] {
  if (uploaded < 2) return [];
  const message = `${named(anchor)} was uploaded as a bundle of ${uploaded} certificates, of which the API uses only the first`;
  const advice = "Upload the others one by one if clients chain to them.";
  return [finding("warning", "bundle", message, advice, { anchorIds: [anchor.id] })];
}

/** Re-keying an authority under its name is the ordinary rotation; what does not tell the two apart may fail. */
export function sameName(facts: Facts, read: readonly ReadAnchor[]): Finding[] {
  const active = facts.anchors.filter((anchor) => isActive(anchor) && anchor.subject !== null);
  const keyOf = (id: string) => {
    const content = read.find((one) => one.id === id)?.read;
    return content !== undefined && "publicKey" in content ? content.publicKey : undefined;
  };
  const subjects = [...new Set(active.map(({ subject }) => subject))];
  return subjects
    .map((subject) => active.filter((anchor) => anchor.subject === subject))
    .filter((group) => new Set(group.map(({ id }) => keyOf(id))).size > 1)
    .map((group) => {
      const message = `${group.map(named).join(" and ")} are active under the same subject with different keys`;
      const advice =
        "Clients whose certificates carry an Authority Key Identifier are told apart by it; others may be checked against the wrong one and refused.";
      return finding("note", "same-name", message, advice, { anchorIds: group.map(({ id }) => id) });
    });
}
