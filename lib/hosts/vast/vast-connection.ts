import { setTimeout as sleep } from 'node:timers/promises';
import { FailureError } from '../../domain/failure';

export const VAST_URL = 'https://console.vast.ai';
/** Keys for a fake begin so; the service's own are hexadecimal. */
const TEST_KEY = /^vast-test-/;
const KEY_PATTERN = /^[\x21-\x7e]{8,512}$/;
const TIMEOUT_MS = 30_000;

/** Time as the adapter needs it; a fake brings its own. */
export interface VastClock {
  nowMs(): number;
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}

export interface VastOptions {
  /** VAST_URL; the real service when absent. */
  readonly url?: string | undefined;
  /** Secret. */
  readonly apiKey: string | null;
  readonly fetch?: typeof fetch;
  readonly clock?: VastClock;
  /** After so long a request is given up, however much of its answer is there. */
  readonly timeoutMs?: number;
  /** 0..1; spreads the pauses of several dashboards. */
  readonly random?: () => number;
}

export interface VastConnection {
  /** Origin, without a slash at its end. */
  readonly url: string;
  readonly isReal: boolean;
  /** Secret. */
  readonly apiKey: string;
  readonly fetch: typeof fetch;
  readonly clock: VastClock;
  readonly timeoutMs: number;
  readonly random: () => number;
}

/**
 * Checks key and address before anything is sent: a real key never goes to anything but the service itself, and a test
 * key never to the service.
 * @throws FailureError `rental-key-missing`, `rental-key-refused` (not even a key), `rental-key-mismatch`, `invalid-input`.
 */
export function connectVast(options: VastOptions): VastConnection {
  const url = originOf(options.url ?? VAST_URL);
  const isReal = url === VAST_URL;
  const apiKey = (options.apiKey ?? '').trim();
  if (apiKey === '') {
    throw new FailureError('rental-key-missing', 'Quantdeck has no vast.ai key, so it cannot look or rent there.', {
      remedy: 'Make an API key on vast.ai under Keys and enter it in the settings.',
    });
  }
  if (!KEY_PATTERN.test(apiKey)) {
    throw new FailureError('rental-key-refused', 'This cannot be a vast.ai key: it holds blanks or other characters.', {
      remedy: 'Copy the key alone, without quotes or line ends, and enter it again.',
    });
  }
  if (TEST_KEY.test(apiKey) === isReal) throw mismatch(isReal, url);
  return {
    url,
    isReal,
    apiKey,
    fetch: options.fetch ?? fetch,
    clock: options.clock ?? systemClock,
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    random: options.random ?? Math.random,
  };
}

function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === '') {
    return url.origin;
  }
  throw new FailureError('invalid-input', 'VAST_URL is not an address that begins with https:// or http://.', {
    remedy: 'Unset it to use vast.ai itself, or set it to the address that a fake printed.',
  });
}

function mismatch(isReal: boolean, url: string): FailureError {
  const message = isReal
    ? 'A test key was about to be sent to vast.ai itself. Nothing was sent.'
    : `A key that may be a real one was about to be sent to ${url}, which is not vast.ai. Nothing was sent.`;
  const remedy = isReal
    ? 'Enter a key of your vast.ai account, or set VAST_URL to the fake that the test key is for.'
    : 'Unset VAST_URL to use vast.ai itself, or use the test key that the fake printed.';
  return new FailureError('rental-key-mismatch', message, { remedy });
}

const systemClock: VastClock = {
  nowMs: () => Date.now(),
  sleep: (durationMs, signal) => sleep(durationMs, undefined, signal ? { signal } : {}),
};
