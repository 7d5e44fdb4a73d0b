import { status } from "@grpc/grpc-js";
import {
  CheckRequest,
  type CheckResponse,
  ErrorResourceInitFailed,
  ReadRequest,
  type ReadResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { writes } from "../../../emulator";
import { received, struct } from "../../../plugin/values";
import { UNKNOWN } from "../../../provider/unknown";
import { fingerprintOf, realAnchors } from "../../support/anchors";
import { until } from "../../support/engineWorld";
import { DEFAULT_PROVIDER, PluginServer, secret, urn } from "../../support/pluginServer";
import { ADMIN_KEY, Rig } from "../../support/rig";

const [first = "", second = "", third = ""] = realAnchors(3);
const ROOT = urn("Certificate", "root");
const ORG = urn("CertificateActivation", "org");

describe("the native plugin, by the engine's protocol", () => {
  let rig: Rig;
  let plugin: PluginServer;

  beforeEach(async () => {
    rig = await Rig.start({ projects: [{ id: "proj_a", name: "pilot" }] });
    plugin = await nextRun();
  });
  afterEach(async () => {
    plugin.close();
    await rig.close();
  });

  /** A plugin as each operation of the engine starts it. */
  async function nextRun(): Promise<PluginServer> {
    plugin?.close();
    plugin = await PluginServer.start();
    await plugin.configure({ adminKey: ADMIN_KEY, baseUrl: rig.emulator.url });
    return plugin;
  }

  /** What the engine does to create a resource. */
  async function create(of: string, given: Record<string, unknown>) {
    const { inputs, failures } = await plugin.check(of, given);
    expect(failures).toEqual([]);
    return { ...(await plugin.create(of, inputs)), inputs };
  }

  it("names a certificate like its resource, unless the program names it", async () => {
    expect((await plugin.check(ROOT, { certificate: first })).inputs["name"]).toBe("root");
    expect((await plugin.check(ROOT, { certificate: first, name: "corp" })).inputs["name"]).toBe("corp");
  });

  it("refuses in check, without naming the property, because the engine would print its value", async () => {
    const { failures } = await plugin.check(ROOT, { certificate: "-----BEGIN PRIVATE KEY-----" });
    expect(failures).toEqual([expect.stringContaining("private key")]);
  });

  it("previews a create: what the certificate itself tells is known, and nothing is written", async () => {
    const { inputs } = await plugin.check(ROOT, { certificate: first });
    rig.calls();
    const { id, outs } = await plugin.create(ROOT, inputs, true);
    expect(id).toBe("");
    expect(outs).toMatchObject({ name: "root", fingerprint: fingerprintOf(first), createdAt: UNKNOWN });
    expect(outs["expiresAt"]).toMatch(/^\d{4}-.*Z$/);
    expect(rig.calls()).toEqual([]);
  });

  it("previews an activation: what will be observed is known where every id is, and nothing is written", async () => {
    const organization = rig.emulator.organization();
    const [one, two] = [first, second].map((certificate, index) =>
      organization.upload({ name: `${index}`, certificate }),
    );
    const ids = [two, one, two] as string[];
    const known = await plugin.create(ORG, { certificateIds: ids }, true);
    expect(known.outs).toMatchObject({ certificateIds: [one, two].sort(), listedCertificateIds: ids });
    const unknown = await plugin.create(ORG, { certificateIds: [two, UNKNOWN] }, true);
    expect(unknown.outs["certificateIds"]).toBe(UNKNOWN);
    organization.activate([one!, two!]);
    const olds = { certificateIds: [one, two].sort(), listedCertificateIds: [one, two], takeOver: true };
    await nextRun();
    const updated = await plugin.update(ORG, "organization", olds, { certificateIds: [one], exclusive: false }, true);
    expect(updated).toMatchObject({ certificateIds: [one], listedCertificateIds: [one], exclusive: false });
    expect(updated).not.toHaveProperty("takeOver");
    expect(writes(rig.emulator.requests)).toEqual([]);
  });

  it("previews an anchor that waits for its CEL filter as not active, and says so while its id is not known", async () => {
    const celFilter = { expression: "true" };
    const organization = rig.emulator.organization();
    const id = organization.upload({ name: "root", certificate: first });
    // While an anchor waits, nothing is deactivated.
    const live = organization.upload({ name: "live", certificate: third });
    organization.activate([live]);
    const adopting = await plugin.check(ROOT, { certificate: first, celFilter, adopt: true });
    expect(await plugin.create(ROOT, adopting.inputs, true)).toMatchObject({ id });
    const { outs } = await plugin.create(ORG, { certificateIds: [id] }, true);
    expect(outs).toMatchObject({ certificateIds: [live], listedCertificateIds: [id], heldBackCertificateIds: [id] });

    await plugin.check(urn("Certificate", "next"), { certificate: second, celFilter });
    await plugin.check(ORG, { certificateIds: [id, UNKNOWN] });
    const plan = plugin.logged.map(({ message }) => message).join("\n");
    expect(plan).toContain('it may be "next" (held back until its CEL filter is attached), or active already');
    expect(plan).toContain("nothing is deactivated while a listed anchor is held back");
  });

  it("holds an import, and not what get reads, to what is there: a set to takeOver, and a certificate to its content", async () => {
    const organization = rig.emulator.organization();
    const [one, two] = [first, second].map((certificate, index) =>
      organization.upload({ name: `${index}`, certificate }),
    ) as [string, string];
    organization.activate([one, two]);
    const both = { certificateIds: [one, two] };
    for (const [org, root] of [
      [urn("CertificateActivation", "live"), urn("Certificate", "there")],
      [ORG, ROOT],
    ] as const) {
      await nextRun();
      await plugin.read(org, "organization");
      await plugin.read(root, one);
      const isImport = org === ORG;
      const { failures } = await plugin.check(ORG, { certificateIds: [one] }, both);
      expect(failures).toEqual(isImport ? [expect.stringContaining(`and not listed: ${two} "1"`)] : []);
      const olds = { certificate: first, name: "root" };
      const { inputs } = await plugin.check(ROOT, { certificate: third, name: "root" }, olds);
      const diff = plugin.diff(ROOT, one, { ...olds, fingerprint: fingerprintOf(first) }, inputs);
      await (isImport
        ? expect(diff).rejects.toThrow("holds another certificate than the program")
        : expect(diff).resolves.toMatchObject({ replacesList: ["certificate"] }));
    }
  });

  it("previews an update with what is known from before, and nothing is written", async () => {
    const { id, outs, inputs } = await create(ROOT, { certificate: first });
    rig.calls();
    const expected = await plugin.update(ROOT, id, outs, { ...inputs, name: "corp" }, true);
    expect(expected).toEqual({ ...outs, name: "corp" });
    expect(rig.calls()).toEqual([]);
  });

  it("uploads, renames, reads and deletes", async () => {
    const { id, outs, inputs } = await create(ROOT, { certificate: first });
    expect(outs).toMatchObject({ name: "root", fingerprint: fingerprintOf(first) });
    expect((await plugin.diff(ROOT, id, outs, inputs)).changes).toBe(1);
    const renamed = await plugin.update(ROOT, id, outs, { ...inputs, name: "corp" });
    expect(renamed).toEqual({ ...outs, name: "corp" });
    expect((await plugin.read(ROOT, id, renamed))?.outs).toEqual(renamed);
    await nextRun();
    await plugin.delete(ROOT, id, renamed);
    expect(await plugin.read(ROOT, id, renamed)).toBeUndefined();
  });

  it("takes over what the dynamic provider has left in state: no change, whatever else is in it", async () => {
    const { id, outs, inputs } = await create(ROOT, { certificate: first });
    expect((await plugin.diff(ROOT, id, { ...outs, __provider: "text" }, inputs)).changes).toBe(1);
  });

  it("replaces a certificate by creating first, and the activation of another project by deleting first", async () => {
    const { id, outs } = await create(ROOT, { certificate: first });
    const { inputs } = await plugin.check(ROOT, { certificate: second }, outs);
    const replaced = await plugin.diff(ROOT, id, outs, inputs);
    expect(replaced).toMatchObject({ replacesList: ["certificate"], deletebeforereplace: false });
    const project = urn("ProjectCertificateActivation", "pilot");
    const moved = await plugin.diff(
      project,
      "proj_a",
      { projectId: "proj_a", certificateIds: [] },
      { projectId: "proj_b", certificateIds: [] },
    );
    expect(moved).toMatchObject({ replacesList: ["projectId"], deletebeforereplace: true });
  });

  it("keeps a secret secret: in checked inputs, in outputs, and in what a refresh reads", async () => {
    const { inputs, failures } = await plugin.check(ROOT, { certificate: secret(first) });
    expect(failures).toEqual([]);
    expect(inputs).toEqual({ certificate: secret(expect.stringContaining("BEGIN CERTIFICATE")), name: "root" });
    const { id, outs } = await plugin.create(ROOT, inputs);
    expect(outs).toMatchObject({ certificate: inputs["certificate"], name: "root" });
    const read = await plugin.read(ROOT, id, outs);
    expect(read).toMatchObject({ outs: { certificate: inputs["certificate"] }, inputs });
  });

  it("refuses a second activation of a scope in a program, however often the first one is checked", async () => {
    const other = urn("CertificateActivation", "other");
    const project = urn("ProjectCertificateActivation", "pilot");
    const projectId = "proj_a";
    for (const of of [ORG, ORG]) {
      expect((await plugin.check(of, { certificateIds: [] })).failures).toEqual([]);
    }
    const { failures } = await plugin.check(other, { certificateIds: [], exclusive: false });
    expect(failures).toEqual([expect.stringMatching(/"org" and "other" are both activations of the organization/)]);
    expect((await plugin.check(project, { certificateIds: [], projectId })).failures).toEqual([]);
  });

  it("says what it has to say under the resource, before it answers, and once", async () => {
    const { id } = await create(ROOT, { certificate: first });
    const told = plugin.logged.length;
    await plugin.check(ORG, { certificateIds: [id] });
    await plugin.check(ORG, { certificateIds: [id] });
    const said = plugin.logged.slice(told);
    expect(said).toEqual([{ severity: "info", urn: ORG, message: expect.stringMatching(/activate cert_\w+ "root"/) }]);
  });

  it("answers a failed call with its message, and not as if the resource could be in any state", async () => {
    await expect(plugin.delete(ROOT, "cert_x", { organization: "nowhere" })).rejects.toMatchObject({
      code: status.FAILED_PRECONDITION,
      details: expect.stringContaining('organization "nowhere" is not configured'),
    });
  });

  it("keeps what an update that stopped half way has done, secrets included", async () => {
    const ids: string[] = [];
    for (const [index, certificate] of realAnchors(12).entries()) {
      ids.push((await create(urn("Certificate", `root-${index}`), { certificate })).id);
    }
    rig.emulator.faults.add({ kind: "status", status: 400, match: { path: /\/activate$/, skip: 1 } });
    const { inputs } = await plugin.check(ORG, { certificateIds: secret(ids) });
    const failed = await plugin.create(ORG, inputs).catch((error) => error);
    const details = Status.deserializeBinary(failed.metadata.get("grpc-status-details-bin")[0]);
    const partial = ErrorResourceInitFailed.deserializeBinary(details.getDetailsList()[0]!.getValue_asU8());
    expect(partial.getId()).toBe("organization");
    const { properties, secrets } = received(partial.getProperties());
    expect(properties["certificateIds"]).toHaveLength(10);
    expect([...secrets].sort()).toEqual(["certificateIds", "listedCertificateIds"]);
  });

  it("takes for secret in a refresh what state has as a secret input, though not as a secret output", async () => {
    const { id, outs } = await create(ROOT, { certificate: first });
    const request = new ReadRequest().setUrn(ROOT).setId(id).setProperties(struct(outs));
    request.setInputs(struct({ certificate: first }, new Set(["certificate"])));
    const answer = await plugin.call<ReadResponse>("read", request);
    expect([answer.getProperties(), answer.getInputs()].map((bag) => [...received(bag).secrets])).toEqual([
      ["certificate"],
      ["certificate"],
    ]);
  });

  it("keeps secret which of secret ids are held back, and which go after that", async () => {
    const old = await create(ROOT, { certificate: first });
    const set = await create(ORG, { certificateIds: secret([old.id]) });
    const celFilter = { expression: 'subject.organization == "Example"' };
    const next = await create(urn("Certificate", "next"), { certificate: second, celFilter });
    const { inputs } = await plugin.check(ORG, { certificateIds: secret([next.id]) }, set.inputs);
    expect(await plugin.update(ORG, "organization", set.outs, inputs)).toMatchObject({
      heldBackCertificateIds: secret([next.id]),
      retiringCertificateIds: secret([old.id]),
    });
  });

  it("ends a wait when the run is interrupted, after one last attempt", async () => {
    rig.emulator.faults.add({
      kind: "status",
      status: 429,
      retryAfter: 60,
      match: { times: Number.POSITIVE_INFINITY },
    });
    const checked = plugin.check(ORG, { certificateIds: [] });
    await until(() => plugin.logged.some(({ message }) => message.includes("429")));
    await plugin.call("cancel", new Empty());
    expect((await checked).failures).toEqual([expect.stringContaining("interrupted")]);
    expect(rig.calls()).toHaveLength(2);
  });

  it("marks an explicit provider's key as secret, also where the program has not", async () => {
    const provider = "urn:pulumi:test::project::pulumi:providers:openai-certificates::eu";
    expect(await plugin.checkConfig({ adminKey: "sk-admin-eu", baseUrl: "https://eu.test/v1" }, provider)).toEqual({
      adminKey: secret("sk-admin-eu"),
      baseUrl: "https://eu.test/v1",
    });
  });

  it("refuses a provider with a password in its base URL, before that is in state", async () => {
    const request = new CheckRequest().setUrn(DEFAULT_PROVIDER).setNews(struct({ baseUrl: "https://u:password@h/v1" }));
    const answer = await plugin.call<CheckResponse>("checkConfig", request);
    expect(answer.toObject()).toMatchObject({
      inputs: undefined,
      failuresList: [{ property: "", reason: expect.stringMatching(/without credentials/) }],
    });
  });

  it("answers functions, and says what is wrong with their arguments", async () => {
    const { id } = await create(ROOT, { certificate: first });
    expect(await plugin.invoke("getCertificate", { name: "root" })).toMatchObject({
      id,
      active: false,
      fingerprint: fingerprintOf(first),
    });
    expect(await plugin.invoke("getCertificates", { active: true })).toEqual({ certificates: [] });
    await expect(plugin.invoke("getCertificate", {})).rejects.toThrow("give either an id or a name");
    await expect(plugin.invoke("getCertificate", { name: "x" })).rejects.toThrow('no certificate named "x"');
  });
});
