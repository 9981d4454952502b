import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { describe } from 'vitest';
import { hostSessionContract } from '../../contracts/host-session.contract';
import { startEmbeddedHost } from '../../support/ssh-embedded-host';
import { makeTempFolder } from '../../support/ssh-temp-folder';

/** A host whose `sh` is another one, and whose tools are those of `tools` where it has them. */
async function startHostWith(sh: string, tools: readonly string[], toolbox: string, loginShell: string) {
  const { folder, remove } = await makeTempFolder('path');
  await mkdir(path.join(folder, 'bin'));
  for (const tool of tools) if (tool !== 'sh') await symlink(toolbox, path.join(folder, 'bin', tool));
  await symlink(sh, path.join(folder, 'bin', 'sh'));
  const host = await startEmbeddedHost({
    shell: loginShell,
    environment: { PATH: `${folder}/bin:${process.env['PATH']}` },
  });
  return {
    ...host,
    stop: async () => {
      await host.stop();
      await remove();
    },
  };
}

describe.skipIf(!existsSync('/usr/bin/bash'))('with bash as sh', () => {
  hostSessionContract('a host whose sh is bash', () => startHostWith('/usr/bin/bash', [], '', '/usr/bin/bash'));
});

describe.skipIf(!existsSync('/usr/bin/busybox'))('with busybox', () => {
  // GNU date stays: busybox' knows no nanoseconds, which only the tests need.
  const applets = () =>
    execFileSync('/usr/bin/busybox', ['--list'], { encoding: 'utf8' })
      .split('\n')
      .filter((tool) => tool !== '' && tool !== 'date');
  // busybox' tail looks for more once a second.
  hostSessionContract(
    'a host with busybox alone',
    () => startHostWith('/usr/bin/busybox', applets(), '/usr/bin/busybox', '/usr/bin/sh'),
    2500,
  );
});
