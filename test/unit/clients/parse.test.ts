import { X509Certificate } from "node:crypto";
import { type Authority, createAuthority, type Issued } from "../../../emulator/authority";
import { der } from "../../../emulator/x509";
import { parseRequiredClients, verifyClients } from "../../../provider/clients";
import { UNKNOWN } from "../../../provider/unknown";

const reasonsOf = (...pems: string[]) => parseRequiredClients(pems).problems.map(({ reason }) => reason);

describe("parseRequiredClients", () => {
  let root: Authority;
  let client: Issued;
  beforeAll(async () => {
    root = await createAuthority({ commonName: "Root" });
    const issuing = await root.intermediate({ commonName: "Issuing CA" });
    client = await issuing.client({ commonName: "billing", organization: "Example" });
  });

  it("takes a chain, the leaf first, and says whose it is", () => {
    const { clients, problems } = parseRequiredClients([client.chain]);
    expect(problems).toEqual([]);
    expect(clients).toHaveLength(1);
    expect(clients[0]).toMatchObject({ index: 0, subject: "O=Example, CN=billing" });
    expect(clients[0]!.leafFingerprint).toBe(
      new X509Certificate(client.certificate).fingerprint256.replaceAll(":", "").toLowerCase(),
    );
    expect(clients[0]!.others.map((other) => other.subject)).toEqual(["CN=Issuing CA"]);
  });

  it("passes over a chain that preview does not know yet, and names the others by their place all the same", () => {
    const { clients, problems } = parseRequiredClients([UNKNOWN, "no chain", client.chain]);
    expect(problems.map(({ index }) => index)).toEqual([1]);
    expect(clients.map(({ index }) => index)).toEqual([2]);
  });

  it("calls a client that has no distinguished name by its alternative names", async () => {
    const spiffe = { oid: "2.5.29.17", critical: true, der: der(0x30, der(0x86, Buffer.from("spiffe://corp.test/a"))) };
    const workload = await root.client({ commonName: "", extensions: [spiffe] });
    expect(parseRequiredClients([workload.chain]).clients[0]!.subject).toBe("URI:spiffe://corp.test/a");
  });

  it.each([
    ["CRLF", (pem: string) => pem.replaceAll("\n", "\r\n")],
    [
      "text around the certificates",
      (pem: string) => `Bag Attributes\n  CN=x\n${pem.replaceAll("-----BEGIN", "# next\n-----BEGIN")}\n# end`,
    ],
    ["indentation", (pem: string) => pem.replaceAll(/^/gm, "    ")],
    ["the old label of OpenSSL", (pem: string) => pem.replaceAll(" CERTIFICATE", " X509 CERTIFICATE")],
    [
      "other blocks in between",
      (pem: string) => `-----BEGIN DH PARAMETERS-----\nMAA=\n-----END DH PARAMETERS-----\n${pem}`,
    ],
  ])("does not mind %s", async (_, spoil) => {
    const { clients, problems } = parseRequiredClients([spoil(client.chain)]);
    expect(problems).toEqual([]);
    const [verdict] = await verifyClients(clients, [{ id: "cert_0", name: null, pem: root.certificate }], new Date());
    expect(verdict).toMatchObject({ accepted: true, via: ["cert_0"] });
  });

  it("refuses a private key beside the chain, of any kind", () => {
    const refusal = "holds a private key; give only the certificate chain, and keep the key where it is";
    const kinds = ["PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY"];
    const keys = kinds.map((kind) => client.key.replaceAll("PRIVATE KEY", kind));
    expect(reasonsOf(...keys, client.chain + client.key)).toEqual([...kinds.map(() => refusal), refusal]);
  });

  it.each<[string, (key: string) => string]>([
    ["without its BEGIN line", (key) => key.replace(/^-----BEGIN.*\n/, "")],
    ["without its END line", (key) => key.replace(/-----END.*\n$/, "")],
    ["with its labels in lower case", (key) => key.replace(/-----.*-----/g, (label) => label.toLowerCase())],
    ["in UTF-16 that was read as Latin-1", (key) => Buffer.from(key, "utf16le").toString("latin1")],
  ])("refuses a private key behind the chain %s", (_, spoil) => {
    expect(reasonsOf(client.chain + spoil(client.key))).toEqual([
      "holds a private key; give only the certificate chain, and keep the key where it is",
    ]);
  });

  it("refuses what holds no certificate", () => {
    const refusal = "holds no PEM certificate (a block between BEGIN CERTIFICATE and END CERTIFICATE)";
    const request = client.certificate.replaceAll("CERTIFICATE", "CERTIFICATE REQUEST");
    expect(reasonsOf("", "garbage", request)).toEqual([refusal, refusal, refusal]);
  });

  it("says which certificate of a chain cannot be read", () => {
    const damaged = client.chain + root.certificate.replace(/^MII./m, "MIIA");
    const cut = client.chain.slice(0, -40);
    expect(reasonsOf(damaged, cut)).toEqual([
      "certificate 3 of 3 cannot be read: its PEM block does not hold X.509",
      "certificate 2 of 2 cannot be read: its PEM block does not hold X.509",
    ]);
  });

  it("refuses a chain that starts with an authority, and takes a lone one as a leaf", async () => {
    const issuing = new X509Certificate(client.chain.slice(client.certificate.length)).toString();
    expect(reasonsOf(issuing + client.certificate)).toEqual([
      "starts with a certificate authority: put the client's own certificate first",
    ]);
    expect(reasonsOf(root.certificate)).toEqual([]);
  });

  it("tells every problem with the place of its chain, and keeps the clients it could read", () => {
    const { clients, problems } = parseRequiredClients(["SECRET", client.chain, client.key]);
    expect(clients.map(({ index }) => index)).toEqual([1]);
    expect(problems.map(({ index }) => index)).toEqual([0, 2]);
  });

  it("never repeats what it was given", () => {
    const lines = [client.key, client.chain, "SECRET"]
      .flatMap((text) => text.split("\n"))
      .filter((line) => !/^-|^$/.test(line));
    const broken = client.chain.replace(/^MII./m, "SECRET");
    const said = reasonsOf("SECRET", client.key, broken, `${client.chain}-----BEGIN SECRET-----`).join("\n");
    expect(lines.filter((line) => said.includes(line))).toEqual([]);
  });
});
