import { X509Certificate } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { createAuthority } from "../../../emulator";
import {
  type CertificateSummary,
  getCertificate,
  getCertificateOutput,
  getCertificates,
  getCertificatesOutput,
} from "../../../sdk";
import { fingerprintOf, realAnchors } from "../../support/anchors";
import { ADMIN_KEY, Rig } from "../../support/rig";

const anchors = realAnchors(4);
const LIST = "GET /organization/certificates";
const CONTENT = "GET /organization/certificates/{id}";

describe("functions that read an organization", () => {
  let rig: Rig;
  let ids: string[];

  beforeEach(async () => {
    rig = await Rig.start({ maxPageSize: 3 });
    ids = anchors.map((certificate, index) => rig.organization.upload({ name: `root-${index}`, certificate }));
    rig.organization.activate([ids[1] ?? "", ids[2] ?? ""]);
    configure({});
  });
  afterEach(() => rig.close());

  function configure(more: Record<string, string>): void {
    pulumi.runtime.setAllConfig({ "openai:adminKey": ADMIN_KEY, "openai:baseUrl": rig.emulator.url, ...more });
  }

  const names = (certificates: CertificateSummary[]) => certificates.map(({ name }) => name).sort();

  it("getCertificate answers one by its id, with its content", async () => {
    const dates = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
    expect(await getCertificate({ id: ids[1] ?? "" })).toEqual({
      id: ids[1],
      name: "root-1",
      certificate: new X509Certificate(anchors[1] ?? "").toString(),
      fingerprint: fingerprintOf(anchors[1] ?? ""),
      createdAt: expect.stringMatching(dates),
      validAt: expect.stringMatching(dates),
      expiresAt: expect.stringMatching(dates),
      active: true,
    });
    expect(rig.calls()).toEqual([LIST, LIST, CONTENT]);
  });

  it("getCertificate answers one by its name", async () => {
    expect(await getCertificate({ name: "root-3" })).toMatchObject({ id: ids[3], active: false });
  });

  it.each<[boolean | undefined, string[]]>([
    [undefined, ["root-0", "root-1", "root-2", "root-3"]],
    [true, ["root-1", "root-2"]],
    [false, ["root-0", "root-3"]],
  ])("getCertificates with active: %s answers %j, for the pages of one list", async (active, expected) => {
    const listed = await getCertificates({ active });
    expect(names(listed)).toEqual(expected);
    expect(rig.calls()).toEqual([LIST, LIST]);
    expect(JSON.stringify(listed)).not.toContain("BEGIN");
  });

  it("getCertificates needs no arguments, and leaves out dates that the API does not list", async () => {
    const withoutDetails = (body: unknown) => {
      const page = body as { data: object[] };
      return { ...page, data: page.data.map((one) => ({ ...one, name: null, certificate_details: {} })) };
    };
    rig.emulator.faults.add({ kind: "body", change: withoutDetails });
    const [newest, ...others] = await getCertificates();
    expect(newest).toEqual({ id: ids[3], name: "", createdAt: expect.any(String), active: false });
    expect(others).toHaveLength(3);
  });

  it("reads the organization that is named", async () => {
    const keys = { default: ADMIN_KEY, eu: "sk-admin-eu-0123456789" };
    const two = await Rig.start({ adminKey: keys });
    two.emulator.organization("eu").upload({ name: "eu-root", certificate: anchors[0] ?? "" });
    configure({
      "openai:baseUrl": two.emulator.url,
      "openai:organizations": JSON.stringify({ eu: { adminKey: keys.eu } }),
    });
    expect(names(await getCertificates({ organization: "eu" }))).toEqual(["eu-root"]);
    expect(await getCertificates()).toEqual([]);
    await two.close();
  });

  describe("refuses with the function's name and what to do", () => {
    it.each<[string, object]>([
      ["neither id nor name", {}],
      ["both", { id: "cert_a", name: "root-1" }],
      ["an empty id", { id: "" }],
    ])("%s", async (_, args) => {
      await expect(getCertificate(args)).rejects.toThrow("getCertificate: give either id or name");
      expect(rig.calls()).toEqual([]);
    });

    it("an id that is not there, naming what is, after a second look", async () => {
      await expect(getCertificate({ id: "cert_none" })).rejects.toThrow(
        /^getCertificate: the organization has no certificate cert_none; it has cert_\w+ "root-3", .*"root-0"$/,
      );
      expect(rig.calls()).toEqual([LIST, LIST, LIST, LIST]);
    });

    it("a name that is not there", async () => {
      await expect(getCertificate({ name: "root" })).rejects.toThrow(/has no certificate named "root"; it has /);
    });

    it("a name that several have, naming each of them", async () => {
      rig.organization.rename(ids[2] ?? "", "root-3");
      await expect(getCertificate({ name: "root-3" })).rejects.toThrow(
        new RegExp(
          `2 certificates of the organization are named "root-3": ${ids[3]} \\(uploaded .*, not active\\); ${ids[2]} \\(uploaded .*, active\\). Ask for one of them by its id`,
        ),
      );
    });

    it("an organization that is not configured", async () => {
      await expect(getCertificates({ organization: "eu" })).rejects.toThrow(
        /^getCertificates: organization "eu" is not configured: add it to openai:organizations/,
      );
    });

    it("a wrong key, without the key, as an error that Pulumi prints without its stack", async () => {
      configure({ "openai:adminKey": "sk-wrong-key" });
      const error = await getCertificates().catch((caught: Error) => caught);
      expect(pulumi.RunError.isInstance(error)).toBe(true);
      expect(String(error)).toMatch(/getCertificates: GET \/organization\/certificates: 401 invalid_api_key/);
      expect(String(error)).not.toContain("sk-wrong-key");
    });
  });

  it("names ten certificates at most where one is not there", async () => {
    const more = await Promise.all(Array.from({ length: 9 }, () => createAuthority()));
    for (const [index, { certificate }] of more.entries()) {
      rig.organization.upload({ name: `more-${index}`, certificate });
    }
    await expect(getCertificate({ name: "none" })).rejects.toThrow(/ and 3 more$/);
  });

  describe("as outputs", () => {
    it("take outputs and answer one", async () => {
      const one = getCertificateOutput({ name: pulumi.output("root-2") });
      const active = getCertificatesOutput({ active: pulumi.output(true) });
      const all = getCertificatesOutput();
      expect(await promiseOf(pulumi.all([one.id, active.length, all.length]))).toEqual([ids[2], 2, 4]);
      expect(await pulumi.isSecret(one)).toBe(false);
    });

    it("are secret where an argument is", async () => {
      expect(await pulumi.isSecret(getCertificateOutput({ name: pulumi.secret("root-2") }))).toBe(true);
      expect(await pulumi.isSecret(getCertificatesOutput({ active: pulumi.secret(true) }))).toBe(true);
    });
  });

  describe("with invoke options", () => {
    it("refuse a provider, whose key would not be used, and say how another organization is read", async () => {
      const provider = new Provider("pulumi-nodejs", "eu");
      const message =
        /getCertificates(Output)?: the option provider has no effect here.* pass its name as organization/;
      await expect(getCertificates({}, { provider })).rejects.toThrow(message);
      expect(() => getCertificatesOutput({}, { provider })).toThrow(message);
      expect(rig.calls()).toEqual([]);
    });

    it("refuse dependsOn where a promise cannot wait for it", async () => {
      const parent = new pulumi.ComponentResource("test:index:Parent", "parent");
      const opts: pulumi.InvokeOutputOptions = { dependsOn: [parent] };
      await expect(getCertificate({ name: "root-0" }, opts)).rejects.toThrow(
        "getCertificate: dependsOn works only with the output form: call getCertificateOutput",
      );
      expect(await getCertificate({ name: "root-0" }, { parent, async: true })).toMatchObject({ id: ids[0] });
    });
  });

  describe("in the run of a program", () => {
    const run = (program: () => Promise<unknown>) => pulumi.runtime.runInPulumiStack(program);

    beforeAll(() => {
      pulumi.runtime.setMocks({ newResource: ({ name }) => ({ id: name, state: {} }), call: () => ({}) });
    });

    it("share one list, at once or one after the other, and fetch a content once", async () => {
      await run(async () => {
        await Promise.all([
          getCertificates(),
          getCertificate({ name: "root-0" }),
          getCertificate({ id: ids[0] ?? "" }),
        ]);
        await getCertificates({ active: true });
        await promiseOf(getCertificatesOutput({ active: false }));
        return {};
      });
      expect(rig.calls()).toEqual([LIST, LIST, CONTENT]);
    });

    it("look again for arguments that had to be waited for: they may come from a resource of this run", async () => {
      await run(async () => {
        await getCertificates();
        rig.organization.deactivate([ids[1] ?? ""]);
        const active = await promiseOf(getCertificatesOutput({ active: pulumi.output(true) }));
        expect(names(active)).toEqual(["root-2"]);
        return {};
      });
    });

    it("find a certificate that was uploaded after the shared list was fetched", async () => {
      await run(async () => {
        await getCertificates();
        const { certificate } = await createAuthority();
        const id = rig.organization.upload({ name: "late", certificate });
        expect(await getCertificate({ name: "late" })).toMatchObject({ id });
        return {};
      });
    });

    it("wait for the resources of dependsOn and those in components, and list again then", async () => {
      await run(async () => {
        await getCertificates();
        let upload: () => void = () => undefined;
        const uploaded = new Promise<void>((resolve) => {
          upload = resolve;
        });
        const id = uploaded.then(async () => rig.organization.upload({ name: "late", ...(await createAuthority()) }));
        class Anchors extends pulumi.ComponentResource {
          constructor() {
            super("test:index:Anchors", "anchors");
            new Uploaded("late", id, {
              parent: new pulumi.ComponentResource("test:index:Inner", "inner", {}, { parent: this }),
            });
          }
        }
        const anchors = new Anchors();
        const names = getCertificatesOutput({}, { dependsOn: pulumi.output([anchors]) }).apply((all) => all.length);
        // Another list, asked for later, is there before the resource is.
        await promiseOf(pulumi.all([anchors.urn, getCertificatesOutput({ active: pulumi.output(true) })]));
        upload();
        expect(await promiseOf(names)).toBe(ids.length + 1);
        return {};
      });
    });

    it("share nothing with another run of the same process", async () => {
      await run(async () => ({ all: (await getCertificates()).length }));
      rig.calls();
      await run(async () => ({ all: (await getCertificates()).length }));
      expect(rig.calls()).toEqual([LIST, LIST]);
    });
  });
});

class Provider extends pulumi.ProviderResource {}

/** A resource that exists once an id is there. */
class Uploaded extends pulumi.CustomResource {
  constructor(name: string, id: Promise<string>, opts: pulumi.CustomResourceOptions) {
    super("test:index:Uploaded", name, { uploaded: id }, opts);
  }
}

function promiseOf<T>(output: pulumi.Output<T>): Promise<T> {
  return (output as unknown as { promise(): Promise<T> }).promise();
}
