import { existsSync } from 'node:fs';
import path from 'node:path';
import { ROOT, runPackage } from './run-program.mjs';
import { durationText, LaunchProblem, say } from './say.mjs';
import { hashOf, readStamp, removeStamp, writeStamp } from './stamp.mjs';

const BUILD_STAMP = 'dist/.quantdeck-build';
const BUILT_FROM = [
  'app',
  'lib',
  'public',
  'prisma/schema.prisma',
  'next.config.js',
  'postcss.config.mjs',
  'tsconfig.json',
  'package-lock.json',
];

/** Neither the launch programs nor what is generated from the schema changes what the build makes. */
function isNotBuilt(file) {
  const isOtherLaunchFile = file.startsWith('lib/launch/') && file !== 'lib/launch/build-all.mjs';
  return isOtherLaunchFile || file === 'lib/store/generated' || file.endsWith('.md');
}

/** Builds the pages and the server when anything they are made from has changed since the last finished build. */
export async function buildAll() {
  const hash = hashOf(BUILT_FROM, isNotBuilt);
  const isThere = ['.next/BUILD_ID', 'dist/server.mjs', 'dist/embedded-server-child.mjs'].every((file) =>
    existsSync(path.join(ROOT, file)),
  );
  if (isThere && readStamp(BUILD_STAMP) === hash) return;
  removeStamp(BUILD_STAMP);
  say('Building the dashboard (about a minute on two cores) ...');
  const startedMs = performance.now();
  await buildPages();
  await buildServer();
  writeStamp(BUILD_STAMP, hash);
  say(`The dashboard is built (${durationText(performance.now() - startedMs)}).`);
}

async function buildPages() {
  const run = await runPackage('next', ['build'], { quiet: true });
  if (run.code !== 0) throw new LaunchProblem(`${run.output}\nThe pages could not be built; the reason is above.`);
}

/** Imported here, not at the top: when this file is loaded on a fresh machine, esbuild is not installed yet. */
async function buildServer() {
  const { build } = await import('esbuild');
  await build({
    absWorkingDir: ROOT,
    entryPoints: {
      server: 'lib/server/main.ts',
      'embedded-server-child': 'lib/ssh/embedded-server-child.ts',
    },
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    sourcemap: true,
    logLevel: 'warning',
  });
}
