import { afterEach } from 'vitest';
import type { OfferSearch, RentalOrder, RentalProvider } from '../../lib/hosts/host-provider';
import type { VastOptions } from '../../lib/hosts/vast/vast-connection';
import { createVastProvider } from '../../lib/hosts/vast/vast-provider';
import { type FakeVast, type FakeVastOptions, startFakeVast } from './fake-vast/fake-vast';

export const ANY_OFFER: OfferSearch = {
  diskGb: 20,
  leastDownBitsPerSecond: 500_000_000,
  leastReliability: 0.97,
  countries: [],
  mostOffers: 1000,
};

/** A public key that nobody has the other half of. */
export const EXAMPLE_KEY = `ssh-ed25519 ${Buffer.from(`\0\0\0\x0bssh-ed25519\0\0\0 ${'k'.repeat(32)}`).toString('base64')} test`;

/** Fakes and providers of one test file; each fake ends with its test. */
export function vastOnFake() {
  const fakes: FakeVast[] = [];
  afterEach(async () => {
    for (const fake of fakes.splice(0)) await fake.close();
  });
  return {
    async start(options: FakeVastOptions = {}): Promise<{ fake: FakeVast; vast: RentalProvider }> {
      const fake = await startFakeVast(options);
      fakes.push(fake);
      return { fake, vast: providerOn(fake) };
    },
  };
}

/** Another client of the same fake: a dashboard that was started again, or one with another key. */
export function providerOn(fake: FakeVast, options: Partial<VastOptions> = {}): RentalProvider {
  return createVastProvider({ url: fake.url, apiKey: fake.key, clock: fake.clock.client, random: () => 0, ...options });
}

/** An order for the cheapest offer there is. */
export async function orderFor(
  vast: RentalProvider,
  label: string,
  change: Partial<RentalOrder> = {},
): Promise<RentalOrder> {
  const [offer] = await vast.searchOffers({ ...ANY_OFFER, mostOffers: 1 });
  if (!offer) throw new Error('the market is empty');
  return {
    offerId: offer.id,
    label,
    image: 'ubuntu:24.04',
    diskGb: 20,
    startScript: 'touch ~/.no_auto_tmux',
    environment: { TZ: 'UTC' },
    mostNanoUsdPerHour: 2_000_000_000,
    ...change,
  };
}
