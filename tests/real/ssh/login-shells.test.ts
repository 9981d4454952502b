import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe } from 'vitest';
import { hostSessionContract } from '../../contracts/host-session.contract';
import { startEmbeddedHost } from '../../support/ssh-embedded-host';

/** Every night all of them; for every change the one that is furthest from sh. */
const SHELLS =
  process.env['QUANTDECK_NIGHTLY'] === '1' ? ['/usr/bin/zsh', '/usr/bin/fish', '/usr/bin/tcsh'] : ['/usr/bin/fish'];

for (const shell of SHELLS) {
  describe.skipIf(!existsSync(shell))(`with ${path.basename(shell)} as login shell`, () => {
    hostSessionContract(`a host whose login shell is ${path.basename(shell)}`, () => startEmbeddedHost({ shell }));
  });
}
