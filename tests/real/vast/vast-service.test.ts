import { setTimeout as sleep } from 'node:timers/promises';
import { it } from 'vitest';
import { createVastProvider } from '../../../lib/hosts/vast/vast-provider';
import { createKeyPair } from '../../../lib/ssh/keys';
import { rentalProviderContract } from '../../contracts/rental-provider.contract';

/*
 * The contract against vast.ai itself, by hand:
 *   QUANTDECK_CONTRACT_VAST_KEY=... npx vitest run -c vitest.real.config.ts tests/real/vast
 * reads only (and adds and removes one SSH key of its own). With QUANTDECK_CONTRACT_VAST_RENTS=yes it also rents one
 * machine for some minutes, which costs a few cents, and gives it back.
 */
const apiKey = process.env['QUANTDECK_CONTRACT_VAST_KEY'] ?? '';

if (apiKey === '') {
  it.skip('vast.ai itself keeps the contract [skipped: no key in QUANTDECK_CONTRACT_VAST_KEY]', () => {});
} else {
  rentalProviderContract(
    'vast.ai itself',
    () =>
      Promise.resolve({
        provider: createVastProvider({ apiKey }),
        strangerProvider: createVastProvider({ apiKey: '0'.repeat(64) }),
        secrets: [apiKey],
        publicKey: createKeyPair('quantdeck-contract').publicKey,
        sleep: (durationMs) => sleep(durationMs),
        stop: () => Promise.resolve(),
      }),
    { rents: process.env['QUANTDECK_CONTRACT_VAST_RENTS'] === 'yes' },
  );
}
