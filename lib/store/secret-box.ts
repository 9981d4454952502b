import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export interface SealedSecret {
  /** Which master key sealed it. */
  readonly keyId: string;
  readonly nonce: Uint8Array<ArrayBuffer>;
  /** The encrypted text with its 16 bytes of authentication at the end. */
  readonly ciphertext: Uint8Array<ArrayBuffer>;
}

/** A short name of a master key that tells nothing about it. */
export function keyIdOf(masterKey: Buffer): string {
  return createHash('sha256').update('quantdeck key id\0').update(masterKey).digest('hex').slice(0, 16);
}

/** Encrypts a text for one owner. The owner is authenticated with it: in another owner's row it does not open. */
export function seal(masterKey: Buffer, owner: string, text: string): SealedSecret {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, masterKey, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(owner));
  const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return { keyId: keyIdOf(masterKey), nonce: Uint8Array.from(nonce), ciphertext: Uint8Array.from(ciphertext) };
}

/** Decrypts what `seal` made for this owner. Throws when key, owner or any byte is not the same. */
export function unseal(masterKey: Buffer, owner: string, sealed: SealedSecret): string {
  if (sealed.keyId !== keyIdOf(masterKey))
    throw new Error(`the secret of ${owner} was encrypted with another master key`);
  const bytes = Buffer.from(sealed.ciphertext);
  const decipher = createDecipheriv(ALGORITHM, masterKey, sealed.nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(owner));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return decipher.update(bytes.subarray(0, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  } catch (error) {
    throw new Error(`the secret of ${owner} does not open: its row was changed or belongs to another owner`, {
      cause: error,
    });
  }
}
