// Pulumi's language host for Node and bun, as far as one run needs it: for machines that cannot get Pulumi's own. The engine
// starts it, reads its port from the first line, and asks it to run the program, which Pulumi's SDK does
// (`@pulumi/pulumi/cmd/run`). The first argument is the runtime's binary, the last one the engine's address.
const { spawn } = require("node:child_process");
const { createRequire } = require("node:module");
const path = require("node:path");

const sdk = path.dirname(require.resolve("@pulumi/pulumi/package.json"));
const ofSdk = createRequire(path.join(sdk, "package.json"));
const grpc = ofSdk("@grpc/grpc-js");
const language = ofSdk("./proto/language_pb");
const { PluginInfo } = ofSdk("./proto/plugin_pb");
const { LanguageRuntimeService } = ofSdk("./proto/language_grpc_pb");

/** With this exit code the program has reported its error itself (`cmd/run/index.js`). */
const REPORTED = 32;
const [, , runtime] = process.argv;
const engine = process.argv.at(-1);

function run({ request }, answer) {
  const options = {
    monitor: request.getMonitorAddress(),
    engine,
    organization: request.getOrganization(),
    project: request.getProject(),
    stack: request.getStack(),
    pwd: request.getPwd(),
    parallel: request.getParallel(),
  };
  const args = Object.entries(options).flatMap(([name, value]) => (value ? [`--${name}`, `${value}`] : []));
  const dryRun = request.getDryrun() ? ["--dry-run"] : [];
  const env = {
    ...process.env,
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().entries())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    // bun reads TypeScript itself.
    PULUMI_NODEJS_TYPESCRIPT: `${path.basename(runtime) === "node"}`,
  };
  // Standard output belongs to the engine.
  const child = spawn(runtime, [path.join(sdk, "cmd/run"), ...args, ...dryRun, request.getPwd()], {
    cwd: request.getPwd(),
    env,
    stdio: ["ignore", 2, 2],
  });
  child.once("error", (error) => answer(error));
  child.once("close", (code) => {
    const response = new language.RunResponse();
    if (code === REPORTED) response.setBail(true);
    else if (code !== 0) response.setError(`the program has ended with exit code ${code}`);
    answer(null, response);
  });
}

const answering = (Response) => (_call, answer) => answer(null, new Response());
const server = new grpc.Server();
server.addService(LanguageRuntimeService, {
  run,
  getPluginInfo: answering(PluginInfo),
  getRequiredPlugins: answering(language.GetRequiredPluginsResponse),
  getRequiredPackages: answering(language.GetRequiredPackagesResponse),
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  console.log(port);
});
