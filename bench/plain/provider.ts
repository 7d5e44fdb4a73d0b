import type { dynamic } from "@pulumi/pulumi";

/*
 * The dynamic provider that this package is compared with: what a good engineer writes in an afternoon, straight from the
 * API's document. It is correct where nothing goes wrong: it pages through lists, toggles in calls of ten, activates
 * before it deactivates, and reports drift. It reads each certificate by its id, and it neither repeats a call nor asks
 * back before it deactivates. Self-contained, because Pulumi serializes it into state.
 */

interface CertificateProps {
  readonly name: string;
  readonly certificate: string;
}

interface ActivationProps {
  readonly certificateIds: string[];
}

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
}

const PATH = "/organization/certificates";

async function call<T>(method: string, path: string, body?: unknown): Promise<T | undefined> {
  const response = await fetch(`${process.env["OPENAI_BASE_URL"]}${path}`, {
    method,
    headers: { authorization: `Bearer ${process.env["OPENAI_ADMIN_KEY"]}`, "content-type": "application/json" },
    body: body === undefined ? null : JSON.stringify(body),
  });
  if (response.status === 404) {
    return undefined;
  }
  if (!response.ok) {
    throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  }
  return (await response.json()) as T;
}

async function activeIds(): Promise<string[]> {
  const active: string[] = [];
  let query = "?limit=100";
  for (;;) {
    const page = await call<{ data: Listed[]; has_more: boolean; last_id: string }>("GET", `${PATH}${query}`);
    if (page === undefined) {
      throw new Error(`GET ${PATH}: 404`);
    }
    active.push(...page.data.filter((certificate) => certificate.active).map(({ id }) => id));
    if (!page.has_more) {
      return active.sort();
    }
    query = `?limit=100&after=${page.last_id}`;
  }
}

async function toggle(action: "activate" | "deactivate", ids: string[]): Promise<void> {
  for (let start = 0; start < ids.length; start += 10) {
    await call("POST", `${PATH}/${action}`, { certificate_ids: ids.slice(start, start + 10) });
  }
}

async function makeActive(wanted: string[]): Promise<ActivationProps> {
  const active = await activeIds();
  const missing = wanted.filter((id) => !active.includes(id));
  const surplus = active.filter((id) => !wanted.includes(id));
  await toggle("activate", missing);
  await toggle("deactivate", surplus);
  return { certificateIds: [...wanted].sort() };
}

export const certificateProvider: dynamic.ResourceProvider<CertificateProps, CertificateProps> = {
  async create({ name, certificate }) {
    const created = await call<Listed>("POST", PATH, { name, certificate });
    if (created === undefined) {
      throw new Error(`POST ${PATH}: 404`);
    }
    return { id: created.id, outs: { name, certificate } };
  },
  async read(id, props) {
    const found = await call<Listed>("GET", `${PATH}/${id}`);
    if (found === undefined || props === undefined) {
      return {};
    }
    const state = { ...props, name: found.name };
    return { id, props: state, inputs: state };
  },
  async diff(_id, olds, news) {
    const isReplaced = olds.certificate !== news.certificate;
    return { changes: isReplaced || olds.name !== news.name, replaces: isReplaced ? ["certificate"] : [] };
  },
  async update(id, _olds, { name, certificate }) {
    await call("POST", `${PATH}/${id}`, { name });
    return { outs: { name, certificate } };
  },
  async delete(id) {
    await call("DELETE", `${PATH}/${id}`);
  },
};

export const activationProvider: dynamic.ResourceProvider<ActivationProps, ActivationProps> = {
  async create({ certificateIds }) {
    return { id: "organization", outs: await makeActive(certificateIds) };
  },
  async read(id, props) {
    const state = { ...props, certificateIds: await activeIds() };
    return { id, props: state, inputs: state };
  },
  async diff(_id, olds, news) {
    const before = JSON.stringify([...olds.certificateIds].sort());
    return { changes: before !== JSON.stringify([...news.certificateIds].sort()) };
  },
  async update(_id, _olds, { certificateIds }) {
    return { outs: await makeActive(certificateIds) };
  },
  async delete() {
    await makeActive([]);
  },
};
