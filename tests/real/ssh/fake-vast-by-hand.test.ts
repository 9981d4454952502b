import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { rentalPhaseOf } from '../../../lib/domain/rental-phase';
import { createVastProvider } from '../../../lib/hosts/vast/vast-provider';
import { orderFor } from '../../support/vast-on-fake';

it('npm run fake-vast prints where it is and with which key, can be led astray from outside, and ends clean', async () => {
  const child = spawn(process.execPath, ['lib/launch/fake-vast.mjs', '--port', '0', '--speed', '60', '--credit', '3'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = once(child, 'exit');
  try {
    while (!said.includes('Ctrl-C')) await Promise.race([sleep(50), ended.then(() => Promise.reject(new Error(said)))]);
    const find = (pattern: RegExp) => pattern.exec(said)?.[1] ?? '';
    const admin = find(/go wrong: (\S+)/);
    const clock = { nowMs: () => Date.now() * 60, sleep: (ms: number) => sleep(ms / 60) };
    const vast = createVastProvider({ url: find(/VAST_URL=(\S+)/), apiKey: find(/key +(\S+)/), clock });
    expect((await vast.account()).creditNanoUsd).toBe(3_000_000_000);
    const { instanceId } = await vast.rent(await orderFor(vast, 'quantdeck:hand:1'));
    for (let tries = 0; rentalPhaseOf(await vast.find(instanceId), null) !== 'running'; tries += 1) {
      expect(tries).toBeLessThan(100);
      await sleep(100);
    }
    expect(await (await fetch(admin)).text()).toContain('lose-host');
    const state = await fetch(`${admin}/instance`, {
      method: 'POST',
      body: JSON.stringify({ id: Number(instanceId), do: 'lose-host' }),
    });
    expect(await state.json()).toMatchObject({ instances: [{ id: Number(instanceId), actual: 'offline' }] });
    expect(rentalPhaseOf(await vast.find(instanceId), null)).toBe('offline');
    expect((await fetch(`${admin}/clock`, { method: 'POST', body: '{' })).status).toBe(400);
  } finally {
    child.kill('SIGTERM');
  }
  expect(await ended).toEqual([0, null]);
});
