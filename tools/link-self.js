// The examples import this package by its name, as users' programs do. A symlink in node_modules makes that name resolve
// from anywhere in the repository, also where an example's own package.json ends Node's self-reference.
const fs = require("node:fs");
const path = require("node:path");

const root = path.resolve(__dirname, "..");
const link = path.join(root, "node_modules", "pulumi-openai-certificates");
// In a repository that was copied or moved, an absolute link leads to where it was before: to other code, or nowhere.
if (!fs.existsSync(link) || fs.realpathSync(link) !== fs.realpathSync(root)) {
  fs.rmSync(link, { recursive: true, force: true });
  fs.mkdirSync(path.dirname(link), { recursive: true });
  fs.symlinkSync(root, link, process.platform === "win32" ? "junction" : "dir");
}
