import type { Scope, StoredCertificate, StoredProject } from "./organization";
import type { Page } from "./pages";

/** A certificate as upload, retrieve and modify answer it: without `active`, and with the PEM only where asked for. */
export function certificateAnswer(certificate: StoredCertificate, options: { readonly content: boolean }) {
  return {
    object: "certificate",
    ...common(certificate),
    certificate_details: { ...details(certificate), ...(options.content ? { content: certificate.content } : {}) },
  };
}

/** A certificate as the lists and toggles of a scope answer it, with its state in that scope. */
export function scopedCertificate(certificate: StoredCertificate, scope: Scope) {
  return {
    object: scope === null ? "organization.certificate" : "organization.project.certificate",
    ...common(certificate),
    certificate_details: details(certificate),
    active: certificate.activeIn.has(scope),
  };
}

/** The answer of an activation or deactivation; the plain list of older documents where `legacyShape` asks for it. */
export function toggleAnswer(
  certificates: readonly StoredCertificate[],
  toggle: { readonly scope: Scope; readonly active: boolean; readonly legacyShape: boolean },
) {
  const data = certificates.map((certificate) => scopedCertificate(certificate, toggle.scope));
  if (toggle.legacyShape) return listAnswer({ items: data, hasMore: false });
  const noun = toggle.scope === null ? "organization.certificate" : "organization.project.certificate";
  return { object: `${noun}.${toggle.active ? "activation" : "deactivation"}`, data };
}

export function projectAnswer(project: StoredProject) {
  return {
    object: "organization.project",
    id: project.id,
    name: project.name,
    created_at: project.createdAt,
    archived_at: project.archivedAt,
    status: project.archivedAt === null ? "active" : "archived",
  };
}

export function listAnswer<T extends { readonly id: string }>({ items, hasMore }: Page<T>) {
  return {
    object: "list",
    data: items,
    first_id: items[0]?.id ?? null,
    last_id: items.at(-1)?.id ?? null,
    has_more: hasMore,
  };
}

function common({ id, name, createdAt }: StoredCertificate) {
  return { id, name, created_at: createdAt };
}

function details({ validAt, expiresAt }: StoredCertificate) {
  return { valid_at: validAt, expires_at: expiresAt };
}
