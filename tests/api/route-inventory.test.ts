import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '../../app/api/_openapi/operations';
import { sourceFiles } from '../support/architecture/source-sizes';

const FOLDER = 'app/api/v1';
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

const routeFiles = sourceFiles(FOLDER).filter((file) => path.basename(file) === 'route.ts');

/** `app/api/v1/jobs/[jobId]/route.ts` as `/jobs/{jobId}`. */
function pathOf(file: string): string {
  return file.slice(FOLDER.length, -'/route.ts'.length).replace(/\[(\w+)\]/g, '{$1}');
}

/** Catches what has no route; guarded as the others are, but nothing to describe. */
const NOWHERE = '/[...path]';

/** Every method that a route file exports, with what its guard asks for; null where there is no guard. */
async function exportedMethods(file: string): Promise<[method: string, access: string | null][]> {
  const module = (await import(path.resolve(file))) as Record<string, { readonly access?: string }>;
  return METHODS.filter((method) => method in module).map((method) => [method, module[method]?.access ?? null]);
}

const inventory = await Promise.all(
  routeFiles.map(async (file) => ({ file, path: pathOf(file), methods: await exportedMethods(file) })),
);

describe('the routes of the API', () => {
  it('are found', () => {
    expect(inventory.length).toBeGreaterThan(10);
    expect(sourceFiles('app/api').filter((file) => path.basename(file) === 'route.ts')).toEqual(routeFiles);
  });

  it('all go through the guard', () => {
    const unguarded = inventory.flatMap(({ file, methods }) =>
      methods.filter(([, access]) => access === null).map(([method]) => `${method} of ${file}`),
    );
    expect(unguarded).toEqual([]);
  });

  it('are open to strangers only for health and the description', () => {
    const open = inventory.flatMap((each) =>
      each.methods.filter(([, access]) => access === 'none').map(([method]) => `${method} ${each.path}`),
    );
    expect(open.sort()).toEqual(['GET /health', 'GET /openapi.json']);
  });

  it('ask for the scope "write" wherever something changes', () => {
    const lax = inventory.flatMap((each) =>
      each.methods
        .filter(([method, access]) => method !== 'GET' && access !== 'write')
        .map(([method]) => `${method} ${each.path}`),
    );
    expect(lax).toEqual([]);
  });

  it('are described one by one, with the access that their guard asks for, and nothing else is', () => {
    const routes = inventory.filter((each) => each.path !== NOWHERE);
    expect(routes.length).toBe(inventory.length - 1);
    const real = routes.flatMap((each) => each.methods.map(([method, access]) => `${method} ${each.path} (${access})`));
    const described = Object.entries(OPERATIONS).flatMap(([where, methods]) =>
      Object.entries(methods)
        .filter(([, operation]) => !operation.isServedByServer)
        .map(([method, operation]) => `${method} ${where} (${operation.access})`),
    );
    expect(described.sort()).toEqual(real.sort());
  });

  it('stay small enough to be read at a glance', () => {
    const long = routeFiles.filter((file) => readFileSync(file, 'utf8').split('\n').length > 45);
    expect(long).toEqual([]);
  });
});
