import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromiumPath } from './chromium-path.mjs';
import { isDebian } from './prepare-toolchain.mjs';
import { runProgram } from './run-program.mjs';
import { durationText, LaunchProblem, say } from './say.mjs';

/** What the tests use besides npm packages: the Debian package and how to see that it is there already. */
const TOOLS = [
  { packageName: 'chromium-headless-shell', isThere: () => existsSync(chromiumPath()) },
  { packageName: 'openssh-server', isThere: () => existsSync('/usr/sbin/sshd') },
  { packageName: 'openssh-client', isThere: () => isOnPath('ssh-keygen') },
  { packageName: 'cmake', isThere: () => isOnPath('cmake') },
  { packageName: 'g++', isThere: () => isOnPath('g++') },
  { packageName: 'make', isThere: () => isOnPath('make') },
  { packageName: 'git', isThere: () => isOnPath('git') },
  { packageName: 'python3-venv', isThere: hasVenv },
  // Login shells and a `sh` that rented hosts have: the host protocol must hold with each.
  { packageName: 'busybox', isThere: () => existsSync('/usr/bin/busybox') },
  { packageName: 'zsh', isThere: () => existsSync('/usr/bin/zsh') },
  { packageName: 'fish', isThere: () => existsSync('/usr/bin/fish') },
  { packageName: 'tcsh', isThere: () => existsSync('/usr/bin/tcsh') },
];

function isOnPath(name) {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  return [...folders, '/usr/sbin'].some((folder) => existsSync(path.join(folder, name)));
}

async function hasVenv() {
  return (await runProgram('python3', ['-c', 'import ensurepip, venv'], { quiet: true })).code === 0;
}

/** Installs what the tests need and this machine lacks; where that is not ours to do, says what to install. */
export async function installTestTools() {
  const missing = [];
  for (const tool of TOOLS) if (!(await tool.isThere())) missing.push(tool.packageName);
  if (missing.length === 0) return;
  if (!isDebian() || process.getuid?.() !== 0) {
    throw new LaunchProblem(
      `The tests need programs that are not here: ${missing.join(', ')} (names of Debian's packages).\n` +
        `Install them (Debian, Ubuntu: sudo apt-get install ${missing.join(' ')}), then run npm test again.\n` +
        'A Chromium or Chrome elsewhere is used when CHROMIUM_PATH names it.',
    );
  }
  await installPackages(missing);
}

async function installPackages(names) {
  say(`Installing what the tests need with apt-get: ${names.join(', ')} ...`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const update = await runProgram('apt-get', ['update', '-qq'], { quiet: true, env });
  const install = await runProgram('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], {
    quiet: true,
    env,
  });
  if (install.code !== 0) {
    throw new LaunchProblem(`${update.output}${install.output}\napt-get could not install them; the reason is above.`);
  }
  say(`Installed (${durationText(update.durationMs + install.durationMs)}).`);
}
