import { collect, textsOf } from "../../../tools/messages/collect";
import { conditionsOf, pageOf } from "../../../tools/messages/page";
import { ROOT, readDocument } from "../../support/documents";

describe("the page of messages", () => {
  const page = readDocument("docs/messages.md");

  it("is what `npm run messages` writes: it has every text, and none that is gone", () => {
    expect(page).toBe(pageOf(collect(ROOT), conditionsOf(page)));
  });

  it("says of each text when it is printed", () => {
    const rows = [...conditionsOf(page)].flatMap(([file, conditions]) =>
      [...conditions].map(([text, condition]) => ({ file, text, condition })),
    );
    expect(rows.length).toBeGreaterThan(500);
    expect(rows.filter(({ condition }) => condition === "" || condition.startsWith("?"))).toEqual([]);
  });
});

describe("a message", () => {
  it("is found wherever it is written, with a placeholder for what is put in", () => {
    const program = `
      import x from "not a message at all";
      const shown: "a type and no message" | string = ready ? "all is well here" : \`\${named(it)} is \${it.state}: \` + reason;
      log.warn("one sentence " + "in two parts" + (late ? ", and it is late" : ""));
      refuse(\`nothing to do with \${isOne ? "just one of them" : list.join(", ")}\`);
    `;
    expect(textsOf(program)).toEqual([
      "all is well here",
      "{named} is {state}: {reason}",
      "one sentence in two parts{…}",
      ", and it is late",
      "nothing to do with {…}",
      "just one of them",
    ]);
  });

  it("is not a key, a path, a certificate or the help of a command", () => {
    const program = `f("cert_abc", "openai:adminKey", "-----BEGIN CERTIFICATE-----\\nMIIB\\n", "Usage: do this and that", "two words");`;
    expect(textsOf(program)).toEqual([]);
  });

  it("that takes the place of another has that one's condition to correct", () => {
    const before = conditionsOf(pageOf([{ file: "cli/a.ts", texts: ["one two three", "it stays as is"] }], new Map()));
    before.get("cli/a.ts")?.set("`one two three`", "Then.").set("`it stays as is`", "Always.");
    const after = pageOf([{ file: "cli/a.ts", texts: ["it stays as is", "one two four"] }], before);
    expect([...(conditionsOf(after).get("cli/a.ts") ?? [])]).toEqual([
      ["`it stays as is`", "Always."],
      ["`one two four`", "? Then."],
    ]);
  });
});
