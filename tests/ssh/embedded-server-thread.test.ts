import { describe, expect, it } from 'vitest';
import { startEmbeddedServerThread } from '../../lib/ssh/embedded-server-thread';
import { openHostSession } from '../../lib/ssh/host-session';
import { makeTempFolder } from '../support/ssh-temp-folder';

describe('the SSH server of this machine, in its thread', () => {
  it('serves commands in the folder it was given, and is gone when closed', async () => {
    const home = await makeTempFolder('thread');
    const server = await startEmbeddedServerThread({ homeFolder: home.folder });
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
    await expect(startEmbeddedServerThread({ homeFolder: '/dev/null/home' })).rejects.toThrow(/ENOTDIR/);
  });
});
