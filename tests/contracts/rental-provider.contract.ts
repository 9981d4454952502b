import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storageNanoUsdPerHour } from '../../lib/domain/money';
import type { Offer } from '../../lib/domain/offer';
import { isLostCause, RENTAL_PHASE_INFO, rentalPhaseOf } from '../../lib/domain/rental-phase';
import type { RentedInstance } from '../../lib/domain/rented-instance';
import type { OfferSearch, RentalOrder, RentalProvider } from '../../lib/hosts/host-provider';
import { codeOf } from '../support/failure-of';

export interface ContractService {
  readonly provider: RentalProvider;
  /** The same service with a key that nobody has. */
  readonly strangerProvider: RentalProvider;
  /** Must be in nothing that comes out. */
  readonly secrets: readonly string[];
  /** A public key of the test's own. */
  readonly publicKey: string;
  sleep(durationMs: number): Promise<void>;
  stop(): Promise<void>;
}

const SEARCH: OfferSearch = {
  diskGb: 16,
  leastDownBitsPerSecond: 300_000_000,
  leastReliability: 0.95,
  countries: [],
  mostOffers: 100,
};
const UNKNOWN_ID = '999999999';
const LABEL = `quantdeck:contract:${Date.now().toString(36)}`;
/** What the test may cost in an hour; it takes minutes. */
const MOST_NANO_USD_PER_HOUR = 300_000_000;
const UP_DEADLINE_MS = 15 * 60_000;
const POLL_MS = 5000;

/**
 * What a rental service must do through `RentalProvider`. The second part rents a machine and gives it back: with a real
 * service that costs a few cents, so it can be left out.
 */
export function rentalProviderContract(
  name: string,
  setup: () => Promise<ContractService>,
  options: { readonly rents: boolean },
): void {
  describe(`a rental service: ${name}`, () => {
    let service: ContractService;
    let vast: RentalProvider;
    const said: unknown[] = [];
    /** Keeps what came out, to look for secrets in it. */
    async function keep<T>(work: Promise<T>): Promise<T> {
      const value = await work;
      said.push(value);
      return value;
    }

    beforeAll(async () => {
      service = await setup();
      vast = service.provider;
    });
    afterAll(async () => {
      for (const left of await vast.findByLabel(LABEL)) await vast.destroy(left.id);
      await service.stop();
    });

    it('tells the credit of the account in whole billionths', async () => {
      const account = await keep(vast.account());
      expect(Number.isSafeInteger(account.creditNanoUsd)).toBe(true);
      expect(account.id).not.toBe('');
    });

    it('finds offers once each, cheapest first, with sane figures, and one of them again by its id', async () => {
      const offers = await keep(vast.searchOffers(SEARCH));
      expect(offers.length).toBeGreaterThan(0);
      expect(new Set(offers.map(({ id }) => id)).size).toBe(offers.length);
      for (const offer of offers) expectSane(offer);
      const prices = offers.map(
        (offer) => offer.baseNanoUsdPerHour + storageNanoUsdPerHour(offer.storageNanoUsdPerGbMonth, SEARCH.diskGb),
      );
      expect(prices).toEqual([...prices].sort((a, b) => a - b));
      const [first] = offers as [Offer];
      expect(await vast.findOffer(first.id, SEARCH.diskGb)).toMatchObject({ id: first.id, machineId: first.machineId });
      expect(await vast.findOffer(UNKNOWN_ID, SEARCH.diskGb)).toBeNull();
    });

    it('knows nothing of an instance that was never there, and is content to destroy it', async () => {
      expect(await vast.find(UNKNOWN_ID)).toBeNull();
      await vast.destroy(UNKNOWN_ID);
      expect(await vast.isGone(UNKNOWN_ID)).toBe(true);
      expect(await vast.findByLabel(`${LABEL}-none`)).toEqual([]);
      expect((await keep(vast.list())).instances.every(({ id }) => /^\d+$/.test(id))).toBe(true);
      expect(await codeOf(vast.find('1/../2'))).toBe('invalid-input');
    });

    it('refuses a key that it does not know', async () => {
      expect(await codeOf(service.strangerProvider.account())).toBe('rental-key-refused');
      expect(await codeOf(service.strangerProvider.list())).toBe('rental-key-refused');
    });

    it('takes a public key once, however often it is given, and forgets it again', async () => {
      expect(await vast.addAccountKey(service.publicKey)).toBe(true);
      expect(await vast.addAccountKey(`${service.publicKey}\n`)).toBe(false);
      const ours = (await keep(vast.accountKeys())).filter((key) =>
        key.publicKey.startsWith(service.publicKey.slice(0, 60)),
      );
      expect(ours).toHaveLength(1);
      expect(await codeOf(vast.addAccountKey('~/.ssh/id_ed25519.pub'))).toBe('ssh-key-invalid');
      await vast.removeAccountKey((ours[0] as { id: string }).id);
      await vast.removeAccountKey((ours[0] as { id: string }).id);
      expect((await vast.accountKeys()).some(({ id }) => id === ours[0]?.id)).toBe(false);
    });

    it('lists charges of a time, an empty one included', async () => {
      const charges = await keep(vast.charges(Date.now() - 7 * 86_400_000, Date.now()));
      for (const charge of charges) expect(Number.isSafeInteger(charge.totalNanoUsd)).toBe(true);
      expect(await vast.charges(Date.UTC(2001, 0, 1), Date.UTC(2001, 0, 2))).toEqual([]);
    });

    describe.skipIf(!options.rents)('renting', () => {
      let order: RentalOrder;
      let instanceId: string;

      async function until(
        what: string,
        check: (found: RentedInstance | null) => boolean,
      ): Promise<RentedInstance | null> {
        for (let waitedMs = 0; waitedMs < UP_DEADLINE_MS; waitedMs += POLL_MS) {
          const found = await keep(vast.find(instanceId));
          if (check(found)) return found;
          await service.sleep(POLL_MS);
        }
        throw new Error(`not ${what} in ${UP_DEADLINE_MS / 60_000} minutes`);
      }

      it('takes no offer that is dearer than agreed, or gone', async () => {
        const [offer] = await vast.searchOffers({ ...SEARCH, mostOffers: 1 });
        order = {
          offerId: (offer as Offer).id,
          label: LABEL,
          image: 'ubuntu:24.04',
          diskGb: SEARCH.diskGb,
          startScript: 'touch ~/.no_auto_tmux; echo started',
          environment: { TZ: 'UTC' },
          mostNanoUsdPerHour: MOST_NANO_USD_PER_HOUR,
        };
        expect(await codeOf(vast.rent({ ...order, mostNanoUsdPerHour: 1 }))).toBe('rental-price-changed');
        expect(await codeOf(vast.rent({ ...order, offerId: UNKNOWN_ID }))).toBe('rental-offer-gone');
        expect(await vast.findByLabel(LABEL)).toEqual([]);
      });

      it('rents once for a label, however often it is asked', async () => {
        const first = await keep(vast.rent(order));
        expect(first.how).toBe('created');
        ({ instanceId } = first);
        expect(await vast.rent(order)).toEqual({ instanceId, how: 'found', otherInstanceIds: [] });
        expect((await vast.findByLabel(LABEL)).map(({ id }) => id)).toEqual([instanceId]);
        expect((await keep(vast.list())).instances.some(({ id }) => id === instanceId)).toBe(true);
      });

      it('brings it up through states that all have a name, to an address of its own', async () => {
        const running = await until('running', (found) => {
          const phase = rentalPhaseOf(found, null);
          expect(isLostCause(phase), phase).toBe(false);
          return RENTAL_PHASE_INFO[phase].outlook === 'up' && (found?.endpoints[0]?.kind ?? '') === 'direct';
        });
        expect(running).toMatchObject({ label: LABEL, image: 'ubuntu:24.04' });
        expect(running?.runningNanoUsdPerHour).toBeGreaterThan(running?.storageNanoUsdPerHour ?? 0);
      });

      it('takes a key for it twice, and tells what it wrote', async () => {
        await vast.attachKey(instanceId, service.publicKey);
        await vast.attachKey(instanceId, service.publicKey);
        const keys = await vast.instanceKeys(instanceId);
        expect(keys.filter((key) => key.publicKey.startsWith(service.publicKey.slice(0, 60)))).toHaveLength(1);
        expect(typeof (await keep(vast.readLog(instanceId, 100)))).toBe('string');
      });

      it('names, stops, starts and reboots it; without an address while it is off', async () => {
        await vast.setLabel(instanceId, LABEL);
        await vast.stop(instanceId);
        const stopped = await until('stopped', (found) => rentalPhaseOf(found, null) === 'stopped');
        expect(stopped?.endpoints).toEqual([]);
        const started = await codeOf(vast.start(instanceId));
        expect(['null', 'rental-start-queued']).toContain(started);
        if (started !== 'null') return;
        await until('running', (found) => rentalPhaseOf(found, 0) === 'running' && (found?.endpoints.length ?? 0) > 0);
        await vast.reboot(instanceId);
        await until('running', (found) => rentalPhaseOf(found, 0) === 'running' && (found?.endpoints.length ?? 0) > 0);
      });

      it('gives it back, in no answer any more, twice without harm', async () => {
        await vast.destroy(instanceId);
        await until('gone', (found) => found === null);
        for (let tries = 0; !(await vast.isGone(instanceId)) && tries < 12; tries += 1) await service.sleep(POLL_MS);
        expect(await vast.isGone(instanceId)).toBe(true);
        await vast.destroy(instanceId);
        expect(await vast.findByLabel(LABEL)).toEqual([]);
      });
    });

    it('let no secret out', () => {
      const text = JSON.stringify(said);
      expect(text.length).toBeGreaterThan(1000);
      for (const secret of service.secrets) expect(text).not.toContain(secret);
      expect(text).not.toMatch(/jupyter_token|extra_env|api_key|[0-9a-f]{64}/);
    });
  });
}

function expectSane(offer: Offer): void {
  const prices = [
    offer.baseNanoUsdPerHour,
    offer.storageNanoUsdPerGbMonth,
    offer.downNanoUsdPerGb,
    offer.upNanoUsdPerGb,
  ];
  expect(prices.every((price) => Number.isSafeInteger(price) && price >= 0)).toBe(true);
  expect(offer.reliability).toBeLessThanOrEqual(1);
  expect(offer.memoryBytes).toBeLessThan(10e12);
  expect(offer.country ?? 'US').toMatch(/^[A-Z]{2}$/);
}
