import { describe, expect, it } from 'vitest';
import { startEmbeddedServerProcess } from '../../lib/ssh/embedded-server-process';
import { openHostSession } from '../../lib/ssh/host-session';
import { makeTempFolder } from '../support/ssh-temp-folder';

describe('the SSH server of this machine, in its process', () => {
  it('serves commands in the folder it was given, and is gone when closed', async () => {
    const home = await makeTempFolder('process');
    const server = await startEmbeddedServerProcess({ homeFolder: home.folder });
    const { host, port, user, privateKey, hostKeyFingerprint } = server;
    const endpoint = { instanceId: 'this-machine', host, port, user, auth: { kind: 'key', privateKey } as const };
    const session = await openHostSession(endpoint, { pinned: hostKeyFingerprint });
    expect((await session.exec('pwd; exit 3')).exitCode).toBe(3);
    expect(session.homeFolder).toBe(home.folder);
    session.close();
    await server.close();
    await expect(openHostSession(endpoint, { pinned: hostKeyFingerprint })).rejects.toMatchObject({
      failure: { code: 'host-refused' },
    });
    await home.remove();
  });

  it('says why it did not start', async () => {
    await expect(startEmbeddedServerProcess({ homeFolder: '/dev/null/home' })).rejects.toThrow(/ENOTDIR/);
  });
});
