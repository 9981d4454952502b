/** What a text that should be a key is, as far as its looks tell. */
export type KeyTextKind = 'openssh' | 'pem' | 'pkcs8' | 'putty' | 'public' | 'path' | 'empty' | 'unknown';

const BEGINNINGS: readonly (readonly [pattern: RegExp, kind: KeyTextKind])[] = [
  [/^-----BEGIN OPENSSH PRIVATE KEY/, 'openssh'],
  [/^-----BEGIN (RSA|DSA|EC) PRIVATE KEY/, 'pem'],
  [/^-----BEGIN (ENCRYPTED )?PRIVATE KEY/, 'pkcs8'],
  [/^PuTTY-User-Key-File-/, 'putty'],
  [/^-+ ?BEGIN (SSH2 )?(RSA )?PUBLIC KEY/, 'public'],
  [/^(ssh-(ed25519|rsa|dss)|ecdsa-sha2-\S{1,40}|sk-\S{1,60}) +AAAA/, 'public'],
  // Programs and rental services take the path for the key when somebody types it where the text belongs.
  [/^["']?(~|\.{0,2}[\\/]|[A-Za-z]:[\\/]|%[A-Za-z]{1,30}%|\$[A-Za-z]{1,30}[\\/])/, 'path'],
  [/^["']?[^\s"']{0,200}(id_[a-z0-9]{2,10}|\.(pub|ppk|pem|key))["']?$/, 'path'],
];

/** Tells a private key's form from its first line, and a public half or a file's path from a key. */
export function describeKeyText(text: string): KeyTextKind {
  const first = text
    .trim()
    .slice(0, 300)
    .split(/[\r\n]/, 1)[0] as string;
  if (first === '') return 'empty';
  return BEGINNINGS.find(([pattern]) => pattern.test(first))?.[1] ?? 'unknown';
}

/** True when two public keys in the form of authorized_keys are the same key, whatever their comments say. */
export function isSamePublicKey(one: string, other: string): boolean {
  const bytes = (line: string) => /(?:^|\s)(AAAA[A-Za-z0-9+/]{20,})/.exec(line.slice(0, 20_000))?.[1] ?? null;
  return bytes(one) !== null && bytes(one) === bytes(other);
}
