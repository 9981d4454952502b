import { describe, expect, it } from 'vitest';
import { isFailureError } from '../../../lib/domain/failure';
import { connectVast, VAST_URL, type VastOptions } from '../../../lib/hosts/vast/vast-connection';
import { createVastProvider } from '../../../lib/hosts/vast/vast-provider';

const REAL_KEY = 'f'.repeat(64);
const TEST_KEY = 'vast-test-full-0123456789abcdef';

function failureOf(options: VastOptions) {
  try {
    createVastProvider({
      ...options,
      fetch: () => {
        throw new Error('something was sent');
      },
    });
  } catch (error) {
    return isFailureError(error) ? error.failure : String(error);
  }
  return null;
}

describe('a key and the address that it goes to', () => {
  it('belong together: a real key for vast.ai, a test key for anything else', () => {
    expect(connectVast({ apiKey: ` ${REAL_KEY}\n` })).toMatchObject({ url: VAST_URL, isReal: true, apiKey: REAL_KEY });
    expect(connectVast({ url: `${VAST_URL}/`, apiKey: REAL_KEY }).isReal).toBe(true);
    expect(connectVast({ url: 'http://127.0.0.1:8787/x', apiKey: TEST_KEY })).toMatchObject({
      url: 'http://127.0.0.1:8787',
      isReal: false,
    });
  });

  it.each([
    ['a test key for vast.ai', { apiKey: TEST_KEY }],
    ['a real key for a fake', { url: 'http://127.0.0.1:8787', apiKey: REAL_KEY }],
    ['a real key in the open', { url: 'http://console.vast.ai', apiKey: REAL_KEY }],
    ['a real key for another port', { url: 'https://console.vast.ai:8443', apiKey: REAL_KEY }],
    ['a real key for a name that looks like it', { url: 'https://console.vast.ai.example', apiKey: REAL_KEY }],
    ['a real key for a name above it', { url: 'https://vast.ai', apiKey: REAL_KEY }],
  ])('refuses %s before anything is sent, without repeating it', (_what, options) => {
    const failure = failureOf(options);
    expect(failure).toMatchObject({ code: 'rental-key-mismatch' });
    expect(JSON.stringify(failure)).not.toContain(options.apiKey);
  });

  it.each([
    ['rental-key-missing', { apiKey: null }],
    ['rental-key-missing', { apiKey: '  ' }],
    ['rental-key-refused', { apiKey: `${REAL_KEY}\r\nX-Evil: 1` }],
    ['rental-key-refused', { apiKey: 'schlüssel-schlüssel' }],
    ['rental-key-refused', { apiKey: 'short' }],
    ['invalid-input', { apiKey: REAL_KEY, url: 'console.vast.ai' }],
    ['invalid-input', { apiKey: REAL_KEY, url: 'https://user:password@console.vast.ai' }],
    ['invalid-input', { apiKey: REAL_KEY, url: 'file:///etc/passwd' }],
  ])('is %s for %j', (code, options) => {
    const failure = failureOf(options);
    expect(failure).toMatchObject({ code, remedy: expect.stringMatching(/./) });
    expect(JSON.stringify(failure)).not.toContain(options.apiKey ?? 'no key');
    expect(JSON.stringify(failure)).not.toContain('password');
  });
});
