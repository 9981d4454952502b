import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findLockfileGaps, findRegistryAddresses } from '../../lib/launch/find-lockfile-gaps.mjs';

describe('the lockfile', () => {
  it('lacks a platform when an optional package that somebody names is not locked', () => {
    const packages = {
      'node_modules/next': {
        version: '16.4.6',
        optionalDependencies: { '@next/swc-win32-x64-msvc': '16.4.6', '@next/swc-linux-x64-gnu': '16.4.6' },
      },
      'node_modules/@next/swc-linux-x64-gnu': { version: '16.4.6' },
    };
    expect(findLockfileGaps(packages)).toEqual([
      'node_modules/next 16.4.6 names @next/swc-win32-x64-msvc, which is not locked',
    ]);
  });

  it('finds a platform package that is locked inside another package', () => {
    const packages = {
      'node_modules/vite': { version: '8.0.0', optionalDependencies: { '@rolldown/binding-darwin-arm64': '1.0.0' } },
      'node_modules/vite/node_modules/@rolldown/binding-darwin-arm64': { version: '1.0.0' },
    };
    expect(findLockfileGaps(packages)).toEqual([]);
  });

  it('does not mind an optional package without a platform', () => {
    expect(
      findLockfileGaps({
        'node_modules/ssh2': { version: '1.17.0', optionalDependencies: { 'cpu-features': '0.0.10', nan: '2' } },
      }),
    ).toEqual([]);
  });

  it("names a package that is locked to somebody's own registry", () => {
    const packages = {
      'node_modules/a': { resolved: 'https://npm.example.internal/a.tgz' },
      'node_modules/b': { resolved: 'https://registry.npmjs.org/b/-/b.tgz' },
    };
    expect(findRegistryAddresses(packages)).toEqual(["node_modules/a is locked to a registry's address"]);
  });

  it('of this project is complete and names no registry of ours', () => {
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
    expect(Object.keys(packages).length).toBeGreaterThan(100);
    expect([...findLockfileGaps(packages), ...findRegistryAddresses(packages)]).toEqual([]);
  });
});
