import { expect, it } from 'vitest';
import { THIS_MACHINE_ID, thisMachine } from '../../lib/hosts/this-machine';
import { openHostSession } from '../../lib/ssh/host-session';
import { startEmbeddedHost } from '../support/ssh-embedded-host';

it('describes this machine so that it can be connected to like any other', async () => {
  const host = await startEmbeddedHost();
  const provider = thisMachine(host.server);
  const [instance] = await provider.list();
  expect(instance).toMatchObject({
    id: THIS_MACHINE_ID,
    kind: 'this-machine',
    name: 'This machine',
    host: '127.0.0.1',
  });
  expect(await provider.find('another')).toBeNull();
  const found = await provider.find(THIS_MACHINE_ID);
  if (!found) throw new Error('it is not there');
  const session = await openHostSession({ ...found, instanceId: found.id }, { pinned: found.hostKeyFingerprint });
  expect(session.instanceId).toBe(THIS_MACHINE_ID);
  expect((await session.exec('echo "$HOME"')).stdout).toBe(`${host.homeFolder}\n`);
  session.close();
  await host.stop();
});
