/** Parses workflow files with GitHub's own parser, which is an ES module; prints the problems it finds, one a line. */
import { readFileSync } from "node:fs";
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from "@actions/workflow-parser";

for (const name of process.argv.slice(2)) {
  const { context, value } = parseWorkflow({ name, content: readFileSync(name, "utf8") }, new NoOperationTraceWriter());
  const template = value === undefined ? undefined : await convertWorkflowTemplate(context, value);
  const parsed = context.errors.getErrors().map(({ message }) => message);
  const converted = (template?.errors ?? []).map(({ Message }) => Message);
  for (const problem of [...parsed, ...converted]) {
    process.stdout.write(`${problem}\n`);
  }
}
