/**
 * Runs a Pulumi program without an engine and without provider plugins, by Pulumi's own mocks: prints the Certificates that it
 * declares, and the provider functions and resources that it asked for, as JSON. `node mockedProgram.ts program.ts config.json answers.json`.
 */
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";

const [program = "", config = "{}", answers = "{}"] = process.argv.slice(2);
const answered = JSON.parse(answers) as Record<string, object>;
const asked: object[] = [];
const certificates: Record<string, unknown> = {};

async function main(): Promise<void> {
  await pulumi.runtime.setMocks(
    {
      call: ({ token, inputs }) => {
        asked.push({ token, inputs });
        return answered[token] ?? {};
      },
      newResource: ({ type, name, inputs, id }) => {
        if (type.endsWith(":Certificate")) certificates[name] = inputs["certificate"];
        if (id) asked.push({ type, id });
        return { id: id || `${name}-id`, state: { ...inputs, ...answered[type] } };
      },
    },
    "sources",
    "test",
    false,
  );
  pulumi.runtime.setAllConfig(JSON.parse(config) as Record<string, string>);
  await pulumi.runtime.runInPulumiStack(async () => {
    const exported = require(path.resolve(program)) as unknown;
    return typeof exported === "function" ? await exported() : exported;
  });
  process.stdout.write(JSON.stringify({ asked, certificates }));
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
