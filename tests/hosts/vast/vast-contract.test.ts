import { createVastProvider } from '../../../lib/hosts/vast/vast-provider';
import { rentalProviderContract } from '../../contracts/rental-provider.contract';
import { PLANTED_SECRET } from '../../support/fake-vast/fake-account-routes';
import { startFakeVast } from '../../support/fake-vast/fake-vast';
import { EXAMPLE_KEY, providerOn } from '../../support/vast-on-fake';

rentalProviderContract(
  'vast.ai, played by a fake',
  async () => {
    const fake = await startFakeVast();
    return {
      provider: providerOn(fake),
      strangerProvider: createVastProvider({
        url: fake.url,
        apiKey: 'vast-test-nobody-0123456789',
        clock: fake.clock.client,
      }),
      secrets: [fake.key, PLANTED_SECRET],
      publicKey: EXAMPLE_KEY,
      sleep: (durationMs) => fake.clock.client.sleep(durationMs),
      stop: () => fake.close(),
    };
  },
  { rents: true },
);
