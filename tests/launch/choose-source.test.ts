import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { chooseSource } from '../../lib/launch/demo/choose-source.mjs';
import { type FakeHub, startFakeHub } from '../support/fake-hub/fake-hub';
import { freePort } from '../support/free-port';

const MODEL = 'HuggingFaceTB/SmolLM2-135M-Instruct';
const REBUILT = { kind: 'folder', location: 'host', path: '/rebuilt' };

describe('the demo takes its model', () => {
  const said: string[] = [];
  let hub: FakeHub;
  beforeAll(async () => {
    hub = await startFakeHub({
      repos: { [MODEL]: { files: { 'config.json': '{}', 'model.safetensors': 'the weights' } } },
    });
  });
  afterAll(() => hub.close());
  beforeEach(() => {
    said.length = 0;
    vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
    vi.stubEnv('HF_ENDPOINT', `${hub.url}/`);
  });
  afterEach(() => {
    hub.setFault(null);
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  it('from the hub when that hands out the weights, of which a single byte is asked for', async () => {
    const rebuild = vi.fn(async () => '/rebuilt');
    expect(await chooseSource(rebuild)).toEqual({ kind: 'hub', repo: MODEL });
    expect(rebuild).not.toHaveBeenCalled();
    expect(hub.requests.filter(({ host }) => host === 'cdn').map(({ range }) => range)).toEqual(['bytes=0-0']);
  });

  it.each([
    ['has no answer', { kind: 'status', status: 503, match: /GET \/api\// }, 'the answer was 503'],
    [
      'answers while its file storage is blocked',
      { kind: 'status', status: 403, match: /GET \/cdn\// },
      "the model's weights cannot be had: the answer was 403",
    ],
  ] as const)('from the package index when the hub %s, and says why', async (_when, fault, reason) => {
    hub.setFault(fault);
    expect(await chooseSource(async () => '/rebuilt')).toEqual(REBUILT);
    expect(said[0]).toContain(reason);
    expect(said[1]).toContain('rebuilt from the Python package index');
  });

  it('from the package index when nobody is at the hub’s address', async () => {
    vi.stubEnv('HF_ENDPOINT', `http://127.0.0.1:${await freePort()}`);
    expect(await chooseSource(async () => '/rebuilt')).toEqual(REBUILT);
    expect(said[0]).toContain('ECONNREFUSED');
  });
});
