import { describe, expect, it } from 'vitest';
import { describeKeyText, isSamePublicKey } from '../../lib/domain/key-text';

describe('a text that should be a key', () => {
  it.each([
    ['-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl', 'openssh'],
    ['\r\n  -----BEGIN RSA PRIVATE KEY-----', 'pem'],
    ['-----BEGIN PRIVATE KEY-----', 'pkcs8'],
    ['-----BEGIN ENCRYPTED PRIVATE KEY-----', 'pkcs8'],
    ['PuTTY-User-Key-File-3: ssh-ed25519', 'putty'],
    ['---- BEGIN SSH2 PUBLIC KEY ----', 'public'],
    ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 me@laptop', 'public'],
    ['ecdsa-sha2-nistp256 AAAAE2VjZHNh', 'public'],
    ['C:\\Users\\me\\.ssh\\id_ed25519.pub', 'path'],
    ['"C:\\Users\\me\\.ssh\\id_ed25519"', 'path'],
    ['~/.ssh/id_rsa', 'path'],
    ['/home/me/key', 'path'],
    ['%USERPROFILE%\\.ssh\\id_ed25519', 'path'],
    ['$HOME/.ssh/id_ed25519', 'path'],
    ['id_ed25519.pub', 'path'],
    ['my laptop.ppk', 'unknown'],
    ['laptop.ppk', 'path'],
    ['hello', 'unknown'],
    [' \n', 'empty'],
  ])('%j is told to be %s', (text, kind) => {
    expect(describeKeyText(text)).toBe(kind);
  });

  it('is judged by its beginning alone, however long it is', () => {
    const startedMs = performance.now();
    expect(describeKeyText(`${'~'.repeat(1e6)}`)).toBe('path');
    expect(describeKeyText('a'.repeat(1e6))).toBe('unknown');
    expect(performance.now() - startedMs).toBeLessThan(500);
  });

  it('is the same public key whatever the comment', () => {
    const bytes = 'AAAAC3NzaC1lZDI1NTE5AAAAIJ0123456789';
    expect(isSamePublicKey(`ssh-ed25519 ${bytes} one`, `from="x" ssh-ed25519 ${bytes}`)).toBe(true);
    expect(isSamePublicKey(`ssh-ed25519 ${bytes}`, `ssh-ed25519 ${bytes}x`)).toBe(false);
    expect(isSamePublicKey('C:\\id.pub', 'C:\\id.pub')).toBe(false);
  });
});
