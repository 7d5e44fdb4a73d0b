// A user's stack from the first upload to the end: copied into a project that has the packed package and one version of
// @pulumi/pulumi. The program is the project's own where it has one, and otherwise inline, by the Automation API. Ends with exit
// code 0 only where every step did what it is for.
const assert = require("node:assert/strict");
const fs = require("node:fs");
const { LocalWorkspace } = require("@pulumi/pulumi/automation");
const { Certificate, CertificateActivation } = require("pulumi-openai-certificates");
const { createAuthority, startEmulator } = require("pulumi-openai-certificates/emulator");

async function main() {
  const emulator = await startEmulator({ port: 0, adminKey: "sk-compatibility" });
  process.env.OPENAI_BASE_URL = emulator.url;
  process.env.OPENAI_ADMIN_KEY = "sk-compatibility";
  const organization = emulator.organization();
  const active = () => organization.certificates().filter((one) => one.active).length;
  const write = async (file, commonName) =>
    fs.writeFileSync(`anchors/${file}`, (await createAuthority({ commonName })).certificate);
  fs.mkdirSync("anchors");
  await write("first.pem", "First Root");
  await write("second.pem", "Second Root");

  const program = async () => {
    const pem = (file) => fs.readFileSync(`anchors/${file}`, "utf8");
    const ids = fs.readdirSync("anchors").map((file) => new Certificate(file, { certificate: pem(file) }).id);
    const set = new CertificateActivation("org", { certificateIds: ids, deactivateOnDelete: true });
    return { active: set.certificateIds };
  };
  const inline = { projectName: "compatibility", program };
  const workDir = process.cwd();
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: "dev", ...(fs.existsSync("Pulumi.yaml") ? { workDir } : inline) },
    { workDir },
  );
  const drifts = () => assert.rejects(stack.preview({ refresh: true, expectNoChanges: true }), /exit code 7/);
  const changes = ({ summary }) => summary.resourceChanges;

  const up = await stack.up();
  assert.deepEqual(changes(up), { create: 4 });
  assert.equal(up.outputs.active.value.length, 2);
  assert.deepEqual(changes(await stack.up({ expectNoChanges: true })), { same: 4 });
  await stack.preview({ refresh: true, expectNoChanges: true });

  organization.deactivate([up.outputs.active.value[0]]);
  await drifts();
  await stack.up();
  assert.equal(active(), 2);

  await write("first.pem", "First Root, next generation");
  const rotated = await stack.up();
  assert.equal(rotated.summary.resourceChanges.replace, 1);
  assert.deepEqual([active(), organization.certificates().length], [2, 2]);

  assert.deepEqual(changes(await stack.refresh()), { same: 4 });
  assert.deepEqual(changes(await stack.destroy()), { delete: 4 });
  assert.equal(organization.certificates().length, 0);
  await emulator.close();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
