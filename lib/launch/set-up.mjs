import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { buildAll } from './build-all.mjs';
import { npmProgram, ROOT, runPackage, runProgram } from './run-program.mjs';
import { durationText, LaunchProblem, say } from './say.mjs';
import { hashOf, readStamp, writeStamp } from './stamp.mjs';

const LOWEST_NODE = [20, 19];
const DEPENDENCIES_STAMP = 'node_modules/.quantdeck-dependencies';
const GENERATED_STAMP = 'node_modules/.quantdeck-generated';

/**
 * Makes the checkout ready: dependencies, the database client and, if wanted, the build. Each part only when what it
 * is made from has changed; a run with nothing to do takes well under a second.
 * @param {{ build: boolean }} options
 */
export async function setUp({ build }) {
  refuseOldNode();
  await installDependencies();
  await generateClient();
  if (build) await buildAll();
}

function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [lowestMajor, lowestMinor] = LOWEST_NODE;
  if (major > lowestMajor || (major === lowestMajor && minor >= lowestMinor)) return;
  throw new LaunchProblem(
    `Quantdeck needs Node ${LOWEST_NODE.join('.')} or newer; this is ${process.versions.node} (${process.execPath}).\n` +
      'Install a newer one from https://nodejs.org or with your package manager, then run the same command again.',
  );
}

async function installDependencies() {
  const hash = `${hashOf(['package-lock.json'])} ${process.platform} ${process.arch}`;
  if (readStamp(DEPENDENCIES_STAMP) === hash) return;
  if (!isInstalled()) await installWithNpm();
  writeStamp(DEPENDENCIES_STAMP, hash);
}

/** Whether a plain `npm install` already put exactly the locked versions there: then nothing is installed again. */
function isInstalled() {
  const written = path.join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(written)) return false;
  const installed = JSON.parse(readFileSync(written, 'utf8')).packages;
  const locked = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')).packages;
  const names = Object.keys(locked).filter((name) => name !== '');
  return names.every(
    (name) => (locked[name].optional && !installed[name]) || installed[name]?.version === locked[name].version,
  );
}

async function installWithNpm() {
  const npm = npmProgram();
  if (!npm && process.platform === 'win32') {
    throw new LaunchProblem(
      'npm was not found beside node.exe. Install Node from https://nodejs.org: npm comes with it.',
    );
  }
  say('Installing the dependencies from the npm registry (one to two minutes) ...');
  // No package of ours needs its install script, and a script is code that nobody looked at.
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const run = await (npm ? runProgram(process.execPath, [npm, ...args]) : runProgram('npm', args));
  if (run.code !== 0) {
    throw new LaunchProblem(
      'npm could not install the dependencies; its own words are above. Check the network and run this again.',
    );
  }
  say(`Dependencies are installed (${durationText(run.durationMs)}).`);
}

async function generateClient() {
  const hash = hashOf(['prisma/schema.prisma', 'prisma.config.ts', 'package-lock.json']);
  const isThere = existsSync(path.join(ROOT, 'lib', 'store', 'generated', 'client.ts'));
  if (isThere && readStamp(GENERATED_STAMP) === hash) return;
  say('Generating the database client ...');
  const run = await runPackage('prisma', ['generate'], { quiet: true });
  if (run.code !== 0)
    throw new LaunchProblem(`${run.output}\nThe database client could not be generated; the reason is above.`);
  writeStamp(GENERATED_STAMP, hash);
  say(`The database client is ready (${durationText(run.durationMs)}).`);
}
