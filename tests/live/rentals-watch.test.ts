import { afterEach, expect, it } from 'vitest';
import { NO_RENTALS, type RentalSummary } from '../../lib/domain/rental-summary';
import { connected, type Harness, startHarness, until } from './gateway-harness';

let harness: Harness;
afterEach(() => harness.close());

it('a watch of what is rented is answered with all of it, and told all of it after each change', async () => {
  let summary: RentalSummary = { ...NO_RENTALS, creditNanoUsd: 1 };
  let reads = 0;
  harness = await startHarness({
    findRentalSummary: async () => {
      reads += 1;
      return summary;
    },
  });
  const [watcher, other] = [harness.connect(), harness.connect()];
  await Promise.all([connected(watcher), connected(other)]);
  const seen: (number | null)[] = [];
  const unasked: unknown[] = [];
  watcher.on('rentals:updated', ({ creditNanoUsd }) => void seen.push(creditNanoUsd));
  other.on('rentals:updated', (event) => void unasked.push(event));
  // Nobody watches: nothing is read.
  harness.gateway.publisher.rentalsChanged();
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(reads).toBe(0);
  expect(await watcher.emitWithAck('rentals:watch', {})).toEqual({ ok: true, data: summary });
  summary = { ...summary, creditNanoUsd: 2 };
  for (let count = 0; count < 20; count += 1) harness.gateway.publisher.rentalsChanged();
  await until(() => seen.at(-1) === 2);
  expect(seen.length).toBeLessThanOrEqual(2);
  expect(unasked).toEqual([]);
});
