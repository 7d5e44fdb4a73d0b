import semver from "semver";

/** The versions of the CLI that this repository works with. */
export const SUPPORTED = ">=3.216.0 <4";

/** Reads `3.230.0` from the first line that is a version, as in the answer of `pulumi version`; undefined where none is. */
export function parseVersion(text: string): string | undefined {
  for (const line of text.split("\n")) {
    const version = semver.valid(line.trim());
    if (version !== null) return version;
  }
  return undefined;
}

/** Why a CLI of this version cannot be used, as the end of a sentence; undefined where it can. */
export function refuseVersion(version: string): string | undefined {
  // A development build counts by its number; 3.216.0-rc.1 is older than 3.216.0.
  if (semver.satisfies(version, SUPPORTED, { includePrerelease: true })) return undefined;
  return `is version ${version}, and ${SUPPORTED} is needed`;
}
