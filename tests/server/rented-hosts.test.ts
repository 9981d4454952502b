import { describe, expect, it } from 'vitest';
import { createRentedHosts } from '../../lib/server/rented-hosts';
import { EXAMPLE_KEY, orderFor, providerOn, vastOnFake } from '../support/vast-on-fake';

const { start } = vastOnFake();
const UP_MS = 120_000;

function logger() {
  const warnings: unknown[] = [];
  return {
    warnings,
    info: () => undefined,
    warn: (_: string, fields?: unknown) => warnings.push(fields),
    error: () => undefined,
  };
}

async function rentedMachine() {
  const { fake, vast } = await start();
  const { instanceId: serviceId } = await vast.rent(await orderFor(vast, 'by hand'));
  await fake.clock.advance(UP_MS);
  const place = (await vast.find(serviceId))?.endpoints[0];
  if (!place) throw new Error('no address');
  return { fake, vast, serviceId, place };
}

describe('a rented machine behind an instance', () => {
  it('is found by its address or its id; its keys are told, and ours is attached', async () => {
    const { vast, serviceId, place } = await rentedMachine();
    const at = (found: { host: string; port: number; serviceId: string | null }) =>
      createRentedHosts({ openProvider: async () => vast, findPlace: async () => found, logger: logger() }).find('i');
    const host = await at({ ...place, serviceId: null });
    expect(await host?.endpoints()).toContainEqual(place);
    expect(await host?.keys()).toEqual([]);
    await host?.attachKey(EXAMPLE_KEY);
    expect(await host?.keys()).toEqual([EXAMPLE_KEY]);
    expect(await at({ host: 'elsewhere', port: 1, serviceId })).not.toBeNull();
    expect(await at({ host: place.host, port: place.port + 1, serviceId: null })).toBeNull();
  });

  it('is not known without a key of the service, or when the service does not answer', async () => {
    const { fake, place } = await rentedMachine();
    const findPlace = async () => ({ ...place, serviceId: null });
    for (const [apiKey, warnings] of [
      [null, 0],
      ['fake-wrong-key', 1],
    ] as const) {
      const log = logger();
      const hosts = createRentedHosts({
        openProvider: async () => providerOn(fake, { apiKey }),
        findPlace,
        logger: log,
      });
      expect([await hosts.find('i'), log.warnings.length]).toEqual([null, warnings]);
    }
  });
});
