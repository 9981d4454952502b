import type { RentalProvider } from '../hosts/host-provider';
import { createVastProvider } from '../hosts/vast/vast-provider';
import { readSecret } from '../store/secret-store';
import { VAST_KEY_OWNER } from '../store/settings-store';
import type { ServerEnv } from './env';

/**
 * Opens the rental service with the key that holds now: the one of the settings page, else the environment's. The same
 * key gets the same provider again, because that keeps the pace of all requests.
 */
export function keepRentalProvider(env: Pick<ServerEnv, 'vastUrl' | 'vastApiKey'>): () => Promise<RentalProvider> {
  let kept: { readonly apiKey: string | null; readonly provider: RentalProvider } | null = null;
  return async () => {
    const apiKey = (await readSecret(VAST_KEY_OWNER)) ?? env.vastApiKey;
    if (kept?.apiKey !== apiKey || kept === null) {
      kept = { apiKey, provider: createVastProvider({ url: env.vastUrl ?? undefined, apiKey }) };
    }
    return kept.provider;
  };
}
