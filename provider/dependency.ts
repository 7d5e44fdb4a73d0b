import { ProviderError } from "./errors";

/**
 * Loads a dependency of this package where it is needed first; most resources never need it. One that is missing is a
 * broken installation, which the `__provider` line cannot notice: it has loaded the package by then.
 */
export function loadDependency<T>(load: () => T): T {
  try {
    return load();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") {
      throw error;
    }
    const [what] = (error as Error).message.split("\n");
    throw new ProviderError(
      `the installed package pulumi-openai-certificates is not complete: ${what}. Install the dependencies of this Pulumi program again`,
      { cause: error },
    );
  }
}
