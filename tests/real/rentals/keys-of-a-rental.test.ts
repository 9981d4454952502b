import { describe, expect, it } from 'vitest';
import { rentalScene } from '../../support/rental-scene';
import { EXAMPLE_KEY } from '../../support/vast-on-fake';

const scene = rentalScene();
const { open, read, until, want } = scene;

const keysOfAccount = () => scene.world.fake.world.account().keys.map(({ publicKey }) => publicKey);

describe('our SSH key', () => {
  it('is attached at the next knock when the first request did not pass', async () => {
    await open();
    scene.world.fake.faults.set([{ kind: 'rate-limit-text', match: /POST .*instances\/\d+\/ssh/, times: 4 }]);
    const { rentalId } = await scene.world.rent();
    await until(rentalId, 'ready', 80);
    await scene.world.rounds(6, async () => false);
    const asked = scene.world.fake.requests.filter(
      ({ method, path }) => method === 'POST' && /instances\/\d+\/ssh/.test(path),
    );
    expect(asked.at(-1)?.status).not.toBe(429);
    expect(asked.length).toBe(5);
    const told = (await read(rentalId)).events.filter(({ text }) => text.includes('could not be attached'));
    expect(told).toHaveLength(1);
  });

  it('is taken off the account when the last rental has ended, and stays where a person put it', async () => {
    await open();
    const rentals = [await scene.world.rent(), await scene.world.rent()];
    for (const { rentalId } of rentals) await until(rentalId, 'ready', 80);
    expect(keysOfAccount()).toEqual([EXAMPLE_KEY]);
    await want(rentals[0]?.rentalId ?? '', 'gone');
    await until(rentals[0]?.rentalId ?? '', 'ended', 80);
    await scene.world.round();
    expect(keysOfAccount()).toEqual([EXAMPLE_KEY]);
    await want(rentals[1]?.rentalId ?? '', 'gone');
    await until(rentals[1]?.rentalId ?? '', 'ended', 80);
    expect(await scene.world.rounds(10, async () => keysOfAccount().length === 0)).toBe(true);
    scene.world.fake.world.account().keys.push({ id: 1, publicKey: EXAMPLE_KEY, createdAtSeconds: 0 });
    const { rentalId } = await scene.world.rent();
    await until(rentalId, 'ready', 80);
    await want(rentalId, 'gone');
    await until(rentalId, 'ended', 80);
    await scene.world.rounds(5, async () => false);
    expect(keysOfAccount()).toEqual([EXAMPLE_KEY]);
  });
});
