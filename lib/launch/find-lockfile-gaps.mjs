/** Packages with a native part name one optional package for each platform: `@next/swc-win32-x64-msvc` and so on. */
const PLATFORM_NAME = /(^|[-/])(win32|darwin|linux)([-/]|$)/;

/**
 * Optional platform packages that a locked package names but that the lockfile lacks. npm writes such a lockfile without
 * a word when its registry does not hold them, and `npm ci` then gives a person on that platform no compiler at all.
 * @param {Record<string, { version?: string, optionalDependencies?: Record<string, string> }>} packages of package-lock.json
 * @returns {string[]} one sentence each; empty when the lockfile is complete
 */
export function findLockfileGaps(packages) {
  const marker = 'node_modules/';
  const locked = new Set(Object.keys(packages).map((key) => key.slice(key.lastIndexOf(marker) + marker.length)));
  return Object.entries(packages).flatMap(([key, entry]) =>
    Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => PLATFORM_NAME.test(name) && !locked.has(name))
      .map((name) => `${key} ${entry.version ?? ''} names ${name}, which is not locked`),
  );
}

/**
 * Locked packages that say where they were downloaded. The address of somebody's private registry does not belong into
 * the repository, and npm would insist on it everywhere.
 */
export function findRegistryAddresses(packages) {
  return Object.entries(packages)
    .filter(
      ([, entry]) => typeof entry.resolved === 'string' && !entry.resolved.startsWith('https://registry.npmjs.org/'),
    )
    .map(([key]) => `${key} is locked to a registry's address`);
}
