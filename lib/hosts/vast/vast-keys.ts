import { FailureError, isFailureError } from '../../domain/failure';
import { isSamePublicKey } from '../../domain/key-text';
import type { RentalSshKey } from '../../domain/rented-instance';
import type { VastApi, VastRequest } from './vast-api';
import { idOf, instancePath } from './vast-instances';
import { ROUTES } from './vast-routes';
import { accountKeysSchema, doneSchema, instanceKeysSchema, type VastSshKey } from './vast-schemas';

/** Vast stores anything, a path to a key included, and then never lets it in: so it is checked here. */
const PUBLIC_KEY =
  /^(ssh-(ed25519|rsa)|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]{40,3000}={0,3}( [\x20-\x7e]{0,200})?$/;

/** Keys of the account; without any, the answer is 404. */
export async function listVastAccountKeys(api: VastApi): Promise<RentalSshKey[]> {
  try {
    return (await api.ask({ route: ROUTES.accountKeys, path: '/api/v0/ssh/' }, accountKeysSchema)).flatMap(keyOf);
  } catch (error) {
    if (isFailureError(error) && error.failure.code === 'rental-not-found') return [];
    throw error;
  }
}

/**
 * Instances that are rented from now on get it, and the way through vast's own servers needs it. False when the account has
 * it already.
 */
export async function addVastAccountKey(api: VastApi, publicKey: string): Promise<boolean> {
  const key = checked(publicKey);
  if ((await listVastAccountKeys(api)).some((each) => isSamePublicKey(each.publicKey, key))) return false;
  await place(api, { route: ROUTES.addAccountKey, path: '/api/v0/ssh/', body: { ssh_key: key } });
  return true;
}

export async function removeVastAccountKey(api: VastApi, keyId: string): Promise<void> {
  try {
    await api.ask({ route: ROUTES.removeAccountKey, path: `/api/v0/ssh/${idOf(keyId)}/` }, doneSchema);
  } catch (error) {
    if (!isAnswerOf(error, /no_ssh_key/)) throw error;
  }
}

export async function listVastInstanceKeys(api: VastApi, instanceId: string): Promise<RentalSshKey[]> {
  const path = `${instancePath(instanceId)}ssh/`;
  return (await api.ask({ route: ROUTES.instanceKeys, path }, instanceKeysSchema)).ssh_keys.flatMap(keyOf);
}

export async function attachVastKey(api: VastApi, instanceId: string, publicKey: string): Promise<void> {
  const path = `${instancePath(instanceId)}ssh/`;
  await place(api, { route: ROUTES.attachKey, path, body: { ssh_key: checked(publicKey) } });
}

/** A key that is there already is refused by vast, which is as good. */
async function place(api: VastApi, request: VastRequest): Promise<void> {
  try {
    await api.ask(request, doneSchema);
  } catch (error) {
    if (!isAnswerOf(error, /duplicate|already/i)) throw error;
  }
}

function isAnswerOf(error: unknown, words: RegExp): boolean {
  if (!isFailureError(error) || error.failure.code !== 'rental-refused') return false;
  return error.failure.evidence.some((line) => words.test(line));
}

function checked(publicKey: string): string {
  const key = publicKey.trim();
  if (PUBLIC_KEY.test(key)) return key;
  throw new FailureError(
    'ssh-key-invalid',
    'This is no public SSH key: one line that begins with ssh-ed25519 or ssh-rsa.',
    {
      remedy: 'Give the content of the .pub file, not its path and not the private key.',
    },
  );
}

function keyOf({ id, public_key, key }: VastSshKey): RentalSshKey[] {
  const publicKey = public_key ?? key;
  return publicKey ? [{ id, publicKey }] : [];
}
