const { spawn } = require("node:child_process");
const path = require("node:path");
const { compile } = require("./compile");

const root = path.resolve(__dirname, "..", "..");

/** Jest prints an error's stack: here it is the reasons that help, and not where they were collected. */
function failure(messages) {
  const error = new Error(`The end-to-end tests need a Pulumi engine.\n${messages.trim()}`);
  error.stack = error.message;
  return error;
}

/**
 * Makes sure of a Pulumi engine before the first end-to-end test, and hands it to the test workers as JSON in
 * PULUMI_TEST_ENGINE. A process of its own, because Jest loads this file as it is, without a transform.
 */
module.exports = async function globalSetup() {
  compile();
  process.env.PULUMI_TEST_ENGINE = await new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--import", "tsx", path.join("tools", "engine", "main.ts"), "--json"], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let json = "";
    let messages = "";
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
      json += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk) => {
      messages += chunk;
      process.stderr.write(chunk);
    });
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(json.trim());
      else reject(failure(messages));
    });
  });
};
