import { createHash } from 'node:crypto';
import ssh2, { type ParsedKey } from 'ssh2';
import { FailureError } from '../domain/failure';
import { describeKeyText, type KeyTextKind } from '../domain/key-text';

export interface SshKeyPair {
  /** OpenSSH private key format. Secret. */
  readonly privateKey: string;
  /** One line for authorized_keys. */
  readonly publicKey: string;
  /** `SHA256:…` as ssh-keygen prints it. */
  readonly fingerprint: string;
}

/** What can be told about an imported private key. */
export interface ReadKey {
  /** `ssh-ed25519`, `ssh-rsa`, `ecdsa-sha2-nistp256`, … */
  readonly type: string;
  readonly publicKey: string;
  readonly fingerprint: string;
  readonly comment: string;
}

/**
 * A new ED25519 key pair. `comment` ends the public line and says whose key it is.
 *
 * ssh2 1.17 drops leading zero bytes of the public key, so 1 of 256 pairs it makes is not one (lib/keygen.js); those are
 * thrown away here.
 */
export function createKeyPair(comment: string): SshKeyPair {
  for (;;) {
    const { private: privateKey } = ssh2.utils.generateKeyPairSync('ed25519', { comment });
    if (ssh2.utils.parseKey(privateKey) instanceof Error) continue;
    const { publicKey, fingerprint } = readPrivateKey(privateKey);
    return { privateKey, publicKey, fingerprint };
  }
}

/** `SHA256:…` of a public key's bytes, in the form of ssh-keygen. */
export function fingerprintOf(publicKeyBytes: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(publicKeyBytes).digest('base64').replace(/=+$/, '')}`;
}

/**
 * Reads an imported private key.
 *
 * @throws FailureError `ssh-key-passphrase` (missing or wrong), `ssh-key-invalid` (the public half, PuTTY's form, no key).
 */
export function readPrivateKey(text: string, passphrase?: string): ReadKey {
  const key = parsePrivateKey(text, passphrase);
  const bytes = key.getPublicSSH();
  const comment = key.comment.replace(/[^\x20-\x7e]/g, '');
  const line = `${key.type} ${bytes.toString('base64')}${comment ? ` ${comment}` : ''}`;
  return { type: key.type, publicKey: line, fingerprint: fingerprintOf(bytes), comment };
}

/** What is told by its first line to be no private key that ssh2 reads, and what to do with each. */
const REFUSALS: Partial<Record<KeyTextKind, [message: string, remedy: string]>> = {
  public: ['This is the public half of a key.', 'Paste the private half: the file without ".pub" at its end.'],
  path: [
    'This is the name of a file, not the key inside it.',
    'Open that file (the one without ".pub") and paste everything from the line BEGIN to the line END.',
  ],
  putty: [
    'This is a key in the form of PuTTY, which cannot be read here.',
    'In PuTTYgen load the file and choose Conversions, Export OpenSSH key; paste the result.',
  ],
  pkcs8: [
    'This is a key in the form PKCS#8, which cannot be read here.',
    'Write it anew with: ssh-keygen -p -f FILE (an empty new passphrase is fine), and paste the result.',
  ],
};

/** The parsed private key for ssh2; same failures as `readPrivateKey`. */
export function parsePrivateKey(text: string, passphrase?: string): ParsedKey {
  const trimmed = text.trim();
  const refusal = REFUSALS[describeKeyText(trimmed)];
  if (refusal) throw invalid(...refusal);
  // Line ends of Windows and a missing last one are what pasting does to keys.
  const parsed: ParsedKey | ParsedKey[] | Error = ssh2.utils.parseKey(
    `${trimmed.replaceAll('\r\n', '\n')}\n`,
    passphrase,
  );
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key instanceof Error) throw keyFailure(key, passphrase);
  if (!key?.isPrivateKey()) throw invalid('There is no private key in this text.', 'Paste a whole private key file.');
  return key;
}

function keyFailure(error: Error, passphrase: string | undefined): FailureError {
  const message = error.message;
  if (/no passphrase given/i.test(message)) {
    return new FailureError('ssh-key-passphrase', 'This private key is protected by a passphrase.', {
      remedy: 'Enter its passphrase as well.',
      cause: error,
    });
  }
  const isEncrypted = /encrypted|passphrase|decrypt|integrity check/i.test(message);
  if (passphrase !== undefined && passphrase !== '' && isEncrypted) {
    return new FailureError('ssh-key-passphrase', 'The passphrase does not open this private key.', {
      remedy: 'Check the passphrase: upper and lower case count.',
      cause: error,
    });
  }
  if (/unsupported/i.test(message)) {
    return invalid(
      'This is not a private key that can be read here.',
      'Use an ED25519, ECDSA or RSA key in OpenSSH or PEM form.',
      error,
    );
  }
  return invalid(
    'This private key is damaged or cut off.',
    'Copy the whole file, from the line BEGIN to the line END.',
    error,
  );
}

function invalid(message: string, remedy: string, cause?: unknown): FailureError {
  return new FailureError('ssh-key-invalid', message, { remedy, cause });
}
