import { type Lifecycle, refusing } from "../lifecycle";
import type { Session } from "../session";
import { checkCertificate } from "./check";
import { createCertificate } from "./create";
import { deleteCertificate } from "./delete";
import { diffCertificate } from "./diff";
import { previewCertificate } from "./preview";
import { readCertificate } from "./read";
import { updateCertificate } from "./update";

/** The lifecycle of one uploaded trust anchor. */
export function certificateLifecycle(session: () => Session): Lifecycle {
  return {
    check: (olds, news) => refusing(news, () => checkCertificate(session(), olds, news)),
    diff: async (id, olds, news) => diffCertificate(session(), id, olds, news),
    create: async (news) => createCertificate(session(), news),
    read: async (id, props) => readCertificate(session(), id, props),
    update: async (id, olds, news) => updateCertificate(session(), id, olds, news),
    delete: async (id, props) => deleteCertificate(session(), id, props),
    preview: async (news, olds) => previewCertificate(session(), news, olds),
  };
}
