import { runtime } from './runtime';
import { DEFAULT_KEY_ID } from './settings-store';

/** The public half of Quantdeck's own key, null before the first start made it. */
export async function findPublicKey(): Promise<{ publicKey: string; fingerprint: string } | null> {
  return runtime().client.sshKey.findUnique({
    where: { id: DEFAULT_KEY_ID },
    select: { publicKey: true, fingerprint: true },
  });
}
