import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import ssh2 from 'ssh2';
import { describe, expect, it } from 'vitest';
import { createKeyPair, readPrivateKey } from '../../lib/ssh/keys';
import { makeTempFolder } from '../support/ssh-temp-folder';

const hasKeygen = existsSync('/usr/bin/ssh-keygen');

describe('SSH keys', () => {
  it('makes an ED25519 pair whose halves belong together', () => {
    const pair = createKeyPair('quantdeck');
    expect(pair.publicKey).toMatch(/^ssh-ed25519 AAAA[A-Za-z0-9+/=]+ quantdeck$/);
    expect(pair.fingerprint).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
    expect(readPrivateKey(pair.privateKey)).toMatchObject({
      type: 'ssh-ed25519',
      publicKey: pair.publicKey,
      fingerprint: pair.fingerprint,
    });
    expect(createKeyPair('quantdeck').fingerprint).not.toBe(pair.fingerprint);
  });

  it('never makes a key that cannot be read, as one of 256 of ssh2 is', () => {
    for (let made = 0; made < 800; made += 1) expect(createKeyPair('x').publicKey.length).toBe(82);
  });

  it.skipIf(!hasKeygen)('is understood by ssh-keygen, with the same fingerprint', async () => {
    const pair = createKeyPair('quantdeck');
    const { folder, remove } = await makeTempFolder('key');
    const file = path.join(folder, 'key');
    await writeFile(file, pair.privateKey, { mode: 0o600 });
    expect(spawnSync('ssh-keygen', ['-y', '-f', file], { encoding: 'utf8' }).stdout.trim()).toBe(pair.publicKey);
    expect(spawnSync('ssh-keygen', ['-lf', file], { encoding: 'utf8' }).stdout).toContain(pair.fingerprint);
    await remove();
  });

  it.skipIf(!hasKeygen)('reads the keys that ssh-keygen makes', async () => {
    const { folder, remove } = await makeTempFolder('key');
    const { readFile } = await import('node:fs/promises');
    // Rounds of the passphrase's hash are as people have them once, then few: they are the same for every type.
    for (const [index, argv] of [
      ['-t', 'ed25519'],
      ['-t', 'rsa', '-b', '2048', '-a', '1'],
      ['-t', 'ecdsa', '-a', '1'],
      ['-t', 'rsa', '-b', '2048', '-m', 'PEM'],
    ].entries()) {
      for (const passphrase of ['', 'correct horse']) {
        const file = path.join(folder, `key-${index}-${passphrase.length}`);
        spawnSync('ssh-keygen', ['-q', '-N', passphrase, '-f', file, ...argv]);
        const text = await readFile(file, 'utf8');
        const fingerprint = spawnSync('ssh-keygen', ['-lf', `${file}.pub`], { encoding: 'utf8' }).stdout.split(' ')[1];
        expect(readPrivateKey(text, passphrase === '' ? undefined : passphrase).fingerprint).toBe(fingerprint);
        if (passphrase === '') continue;
        expect(() => readPrivateKey(text)).toThrow(/protected by a passphrase/);
        expect(() => readPrivateKey(text, 'wrong')).toThrow(/passphrase does not open/);
      }
    }
    await remove();
  });

  const encrypted = encryptedKey('open sesame');
  const plain = createKeyPair('x');

  it.each([
    ['a key without its passphrase', encrypted, undefined, 'ssh-key-passphrase', /protected by a passphrase/],
    ['a wrong passphrase', encrypted, 'wrong', 'ssh-key-passphrase', /passphrase does not open/],
    ['the public half', plain.publicKey, undefined, 'ssh-key-invalid', /public half/],
    ['something else', 'hello', undefined, 'ssh-key-invalid', /not a private key/],
    ['nothing', '  ', undefined, 'ssh-key-invalid', /not a private key/],
    ['a key cut off', plain.privateKey.slice(0, 200), undefined, 'ssh-key-invalid', /private key/],
    [
      'a PuTTY public key',
      '---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n---- END SSH2 PUBLIC KEY ----',
      undefined,
      'ssh-key-invalid',
      /public half/,
    ],
  ])('says what is wrong with %s', (_title, text, passphrase, code, message) => {
    const read = () => readPrivateKey(text, passphrase);
    expect(read).toThrow(message);
    expect(read).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ code, remedy: expect.stringMatching(/.{10}/) }) }),
    );
  });

  it('reads a key that was pasted with the line ends of Windows and without its last one', () => {
    const pasted = `\n  ${plain.privateKey.trim().replaceAll('\n', '\r\n')}`;
    expect(readPrivateKey(pasted).fingerprint).toBe(plain.fingerprint);
  });
});

/** ssh2 makes an unusable pair now and then; see createKeyPair. */
function encryptedKey(passphrase: string): string {
  for (;;) {
    const text = ssh2.utils.generateKeyPairSync('ed25519', { passphrase, cipher: 'aes256-ctr', rounds: 1 }).private;
    if (!(ssh2.utils.parseKey(text, passphrase) instanceof Error)) return text;
  }
}
