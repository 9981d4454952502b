import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { isFailureError } from '../../../lib/domain/failure';
import { createKeyPair } from '../../../lib/ssh/keys';
import { codeOf } from '../../support/failure-of';
import { endpointOf, fakeVastMachines, UP_MS } from '../../support/fake-vast-machine';
import { orderFor } from '../../support/vast-on-fake';

const FOREVER = new AbortController().signal;
const { start, rent, connect } = fakeVastMachines();

describe('a machine of the fake', () => {
  it('refuses connections, then the key, then lets it in; its home is its own', async () => {
    const rented = await rent();
    const { fake, vast, id } = rented;
    while ((await vast.find(id))?.endpoints[0]?.kind !== 'direct') await fake.clock.advance(1000);
    const address = await endpointOf(rented);
    expect(await codeOf(connect(rented, address))).toBe('host-refused');
    while (!(await fake.instance(id).container?.sshdLog())?.includes('Server listening'))
      await fake.clock.advance(1000);
    expect(await codeOf(connect(rented, address))).toBe('ssh-auth-refused');
    await fake.clock.advance(15_000);
    const session = await connect(rented, address, fake.instance(id).container?.fingerprint ?? null);
    expect(session.homeFolder).toBe(fake.instance(id).container?.homeFolder);
    expect(await session.exec('pwd; echo "[$CONTAINER_ID]"; rsync')).toMatchObject({
      exitCode: 127,
      stdout: `${session.homeFolder}\n[]\n`,
    });
  });

  it('knows only keys that the API placed: at its creation, or attached later', async () => {
    const rented = await rent({}, {}, false);
    await rented.fake.clock.advance(UP_MS);
    expect(await codeOf(connect(rented))).toBe('ssh-auth-refused');
    await rented.vast.addAccountKey(rented.key.publicKey);
    expect(await codeOf(connect(rented))).toBe('ssh-auth-refused');
    await connect(rented, await endpointOf(rented, 'proxy'));
    await rented.vast.attachKey(rented.id, rented.key.publicKey);
    await connect(rented);
  });

  it('runs nothing for whoever did not switch off its tmux hook, and takes files all the same', async () => {
    const rented = await rent({}, { startScript: 'true' });
    await rented.fake.clock.advance(UP_MS);
    const address = await endpointOf(rented);
    const said = await connect(rented, address).catch((error: unknown) => error);
    expect(isFailureError(said)).toBe(true);
    const home = rented.fake.instance(rented.id).container?.homeFolder ?? '';
    expect(existsSync(path.join(home, '.no_auto_tmux'))).toBe(false);
    execFileSync('touch', [path.join(home, '.no_auto_tmux')]);
    expect((await (await connect(rented, address)).exec('echo works')).stdout).toBe('works\n');
  });

  it('runs its start script at every start, with its own key and our environment, and hands out what that wrote', async () => {
    const script = 'touch ~/.no_auto_tmux; echo "start $CONTAINER_ID $OURS" >>~/starts; echo logged';
    const rented = await rent({}, { startScript: script, environment: { OURS: 'yes' } });
    const { fake, vast, id } = rented;
    await fake.clock.advance(UP_MS);
    await vast.reboot(id);
    await fake.clock.advance(UP_MS);
    const session = await connect(rented);
    expect((await session.exec('cat ~/starts; echo "[$OURS]"')).stdout).toBe(`start ${id} yes\nstart ${id} yes\n[]\n`);
    expect(await vast.readLog(id, 1000)).toContain('logged');
  });

  it('keeps files and host key over a stop, loses its processes, and is elsewhere afterwards', async () => {
    const rented = await rent();
    const { fake, vast, id } = rented;
    fake.world.movesOnStart = true;
    await fake.clock.advance(UP_MS);
    const before = await endpointOf(rented);
    const session = await connect(rented, before);
    await session.exec('echo kept >~/file');
    const attemptId = randomUUID();
    const work = `sleep ${4000 + Math.random()}`;
    await session.startAttempt({ attemptId, script: work, environment: {} });
    const isWorking = () => execFileSync('ps', ['-eo', 'args']).includes(work);
    expect(isWorking()).toBe(true);
    await vast.stop(id);
    await fake.clock.advance(10_000);
    expect(isWorking()).toBe(false);
    expect(await codeOf(connect(rented, before))).toBe('host-refused');
    await vast.start(id);
    await fake.clock.advance(UP_MS);
    const after = await endpointOf(rented);
    expect(after).not.toMatchObject({ host: before.host });
    const again = await connect(rented, after, fake.instance(id).container?.fingerprint ?? null);
    expect((await again.exec('cat ~/file')).stdout).toBe('kept\n');
    expect((await again.attemptStatus(attemptId)).state).toMatch(/^(rebooted|lost)$/);
  });

  it('leaves its old address to a stranger with another host key, who must not be taken for it', async () => {
    const rented = await rent();
    const { fake, vast, id } = rented;
    fake.world.givesPortsAway = true;
    await fake.clock.advance(UP_MS);
    const before = await endpointOf(rented);
    const pinned = fake.instance(id).container?.fingerprint ?? null;
    await vast.stop(id);
    await fake.clock.advance(10_000);
    expect(await codeOf(connect(rented, before, pinned))).toBe('host-key-changed');
    await vast.start(id);
    await fake.clock.advance(UP_MS);
    expect((await endpointOf(rented)).port).not.toBe(before.port);
    await connect(rented, undefined, pinned);
  });

  it('that is a black hole answers connections and never a word; one that ends takes everything with it', async () => {
    const hole = await start({ ssh: true });
    hole.fake.expect('blackholed');
    const key = createKeyPair('quantdeck');
    await hole.vast.addAccountKey(key.publicKey);
    const { instanceId } = await hole.vast.rent(await orderFor(hole.vast, 'quantdeck:here:1'));
    await hole.fake.clock.advance(UP_MS);
    const rented = { ...hole, key, id: instanceId };
    const silent = await Promise.race([codeOf(connect(rented)), sleep(1500).then(() => 'silent')]);
    expect(silent).toBe('silent');
    const dying = await rent();
    await dying.fake.clock.advance(UP_MS);
    const session = await connect(dying);
    const lost = codeOf(session.stream('sleep 60', () => {}, FOREVER));
    await dying.fake.loseHost(dying.id);
    expect(await lost).toBe('host-lost');
  });

  it('may stop itself with its own key, and no other machine', async () => {
    const script = `touch ~/.no_auto_tmux
say() { curl -sS -o /dev/null -w '%{http_code}\\n' -X PUT -H "Authorization: Bearer $CONTAINER_API_KEY" -H 'Content-Type: application/json' -d '{"state":"stopped"}' "$API/api/v0/instances/$1/" >>~/said; }
say 33400000; say "$CONTAINER_ID"`;
    const { fake, vast } = await start({ ssh: true });
    fake.limiter.isOff = true;
    const order = await orderFor(vast, 'quantdeck:here:1', { startScript: script, environment: { API: fake.url } });
    const { instanceId } = await vast.rent(order);
    const home = () => fake.instance(instanceId).container?.homeFolder ?? '/nowhere';
    let said = '';
    for (let tries = 0; tries < 200 && !said.includes('200'); tries += 1) {
      await fake.clock.advance(tries < 100 ? 1000 : 0);
      await sleep(20);
      said = await readFile(path.join(home(), 'said'), 'utf8').catch(() => '');
    }
    expect(said).toBe('404\n200\n');
    expect(fake.instance(instanceId).intended).toBe('stopped');
  });
});
