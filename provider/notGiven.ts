import type { Lifecycle, Properties } from "./lifecycle";

/**
 * A lifecycle for which null is what was not given, as Pulumi's users expect: a secret output that turns out to be
 * undefined arrives as null.
 */
export function withoutNulls(lifecycle: Lifecycle): Lifecycle {
  const { check, diff, create, read, update, delete: remove, preview } = lifecycle;
  return {
    check: (olds, news) => check(given(olds), given(news)),
    diff: (id, olds, news) => diff(id, given(olds), given(news)),
    create: (inputs) => create(given(inputs)),
    read: (id, props) => read(id, given(props)),
    update: (id, olds, news) => update(id, given(olds), given(news)),
    delete: (id, props) => remove(id, given(props)),
    preview: (inputs, olds) => preview(given(inputs), olds && given(olds)),
  };
}

/** Objects without what is null in them, however deep; in a list it is a wrong item. */
function given(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties).flatMap(([key, value]) => (value === null ? [] : [[key, within(value)]])),
  );
}

function within(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(within);
  }
  return typeof value === "object" && value !== null ? given(value as Properties) : value;
}
