import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe } from 'vitest';
import { hostSessionContract } from '../../contracts/host-session.contract';
import { startEmbeddedHost } from '../../support/ssh-embedded-host';

for (const shell of ['/usr/bin/zsh', '/usr/bin/fish', '/usr/bin/tcsh']) {
  describe.skipIf(!existsSync(shell))(`with ${path.basename(shell)} as login shell`, () => {
    hostSessionContract(`a host whose login shell is ${path.basename(shell)}`, () => startEmbeddedHost({ shell }));
  });
}
