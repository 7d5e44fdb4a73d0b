import type { Results } from "../results";

/** The results with one measurement a line, so that two runs can be compared by their difference: `{"sample":{…}}`. */
export function toLines({ environment, subjects, samples, states, startUps, growth }: Results): string {
  const kinds = { environment: [environment], subjects, samples, states, startUps, growth };
  const lines = Object.entries(kinds).flatMap(([kind, values]) =>
    values.map((value) => JSON.stringify({ [kind]: value })),
  );
  return `${lines.join("\n")}\n`;
}

/** What {@link toLines} wrote. */
export function fromLines(text: string): Results {
  const lines = text.trim().split("\n");
  const values = <T>(kind: string): T[] =>
    lines.flatMap((line) => {
      const value = (JSON.parse(line) as Record<string, T>)[kind];
      return value === undefined ? [] : [value];
    });
  return {
    environment: values<Results["environment"]>("environment")[0]!,
    subjects: values("subjects"),
    samples: values("samples"),
    states: values("states"),
    startUps: values("startUps"),
    growth: values("growth"),
  };
}
