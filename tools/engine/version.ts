/** A release number as `pulumi version` and `go env GOVERSION` print it; `prerelease` is empty for a release. */
export interface Version {
  major: number;
  minor: number;
  patch: number;
  prerelease: string;
}

/** The versions of the CLI that this package works with: from `minimum` on, within the same major version. */
export const MINIMUM: Version = { major: 3, minor: 216, patch: 0, prerelease: "" };

/** Reads `v3.230.0`, `3.231.0-alpha.1+build` from the first line that is one; undefined where there is none. */
export function parseVersion(text: string): Version | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+\S*)?\s*$/m.exec(text);
  if (!match) return undefined;
  return {
    major: Number(match[1]),
    minor: Number(match[2]),
    patch: Number(match[3]),
    prerelease: match[4] ?? "",
  };
}

/** Reads `go1.26.8`, `go1.25`, `go1.26rc1`; undefined for anything else, as development builds of Go are. */
export function parseGoVersion(text: string): Version | undefined {
  const match = /^go(\d+)\.(\d+)(?:\.(\d+))?((?:rc|beta)\d+)?(?:\s|$)/.exec(text.trim());
  if (!match) return undefined;
  return {
    major: Number(match[1]),
    minor: Number(match[2]),
    patch: Number(match[3] ?? 0),
    prerelease: match[4] ?? "",
  };
}

/** Negative where `a` is older, positive where it is newer. A prerelease is older than its release. */
export function compareVersions(a: Version, b: Version): number {
  return (
    a.major - b.major ||
    a.minor - b.minor ||
    a.patch - b.patch ||
    Number(a.prerelease === "") - Number(b.prerelease === "")
  );
}

/** `3.230.0`, `3.231.0-alpha.1`. */
export function formatVersion(version: Version): string {
  const release = `${version.major}.${version.minor}.${version.patch}`;
  return version.prerelease ? `${release}-${version.prerelease}` : release;
}

/** Why a CLI of this version cannot be used, as the end of a sentence; undefined where it can. */
export function refuseVersion(version: Version): string | undefined {
  if (version.major > MINIMUM.major) {
    return `is version ${formatVersion(version)}, and only major version ${MINIMUM.major} is supported`;
  }
  if (compareVersions(version, MINIMUM) < 0) {
    return `is version ${formatVersion(version)}, and ${formatVersion(MINIMUM)} or newer is needed`;
  }
  return undefined;
}
