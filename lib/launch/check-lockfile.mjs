// Part of `npm run check`: the lockfile must work on every platform and name no private registry.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { findLockfileGaps, findRegistryAddresses } from './find-lockfile-gaps.mjs';
import { ROOT } from './run-program.mjs';

const { packages } = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8'));
const problems = [...findLockfileGaps(packages), ...findRegistryAddresses(packages)];
for (const problem of problems) console.error(problem);
console.log(
  problems.length === 0
    ? 'The lockfile is complete for every platform.'
    : `${problems.length} problems in package-lock.json.`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
