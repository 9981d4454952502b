import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { baseModelsOf } from '../../lib/hub/config-evidence';
import { createHub } from '../../lib/hub/create-hub';
import { type FakeHub, startFakeHub } from '../support/fake-hub/fake-hub';

describe('baseModelsOf', () => {
  it.each([
    ['---\nbase_model: a/b\n---\n# Card', ['a/b']],
    ['---\nlicense: mit\nbase_model: "a/b"\ntags: [x]\n---', ['a/b']],
    ['---\nbase_model:\n- a/b\n- c/d\nlicense: mit\n---', ['a/b', 'c/d']],
    ['---\nbase_model:\n  - a/b\n---', ['a/b']],
    ['---\r\nbase_model: [a/b, c/d]\r\n---', ['a/b', 'c/d']],
    ['---\nbase_model: ../../etc/passwd\n---', []],
    ['---\nbase_model_relation: quantized\n---', []],
    ['base_model: a/b', []],
    ['', []],
  ])('reads %j', (card, names) => {
    expect(baseModelsOf(card)).toEqual(names);
  });
});

describe('evidence', () => {
  let server: FakeHub;
  const whole = { model_type: 'llama', num_hidden_layers: 40 };
  const base = { model_type: 'phi3', num_hidden_layers: 40 };
  beforeAll(async () => {
    server = await startFakeHub({
      repos: {
        'maker/base': { files: { 'config.json': JSON.stringify(base) } },
        'maker/closed': { files: { 'config.json': '{}' }, isGated: true },
        'tester/open': { files: { 'config.json': '{"a":1}' } },
      },
    });
    await server.addRepo('tester/tuned', { files: { 'config.json': JSON.stringify(whole) } });
    await server.addRepo('tester/tuned', { files: { 'config.json': 'not json' } });
    await server.addRepo('tester/tuned', {
      files: { 'config.json': '{"model_type":"llama"}', 'README.md': '---\nbase_model: maker/base\n---' },
    });
    await server.addRepo('tester/shy', {
      files: { 'config.json': '{}', 'README.md': '---\nbase_model: maker/closed\n---' },
    });
  });
  afterAll(() => server.close());
  const hub = () => createHub({ endpoint: server.url, token: null });

  it('finds the config.json of before, and that of the base model that the card names', async () => {
    const listing = await hub().list('tester/tuned', 'main');
    const [earlier, ...others] = await hub().evidence(listing, 'earlier-revision');
    expect(earlier).toMatchObject({ origin: 'earlier-revision', config: whole });
    expect(earlier?.label).toMatch(/^commit [0-9a-f]{8} of tester\/tuned$/);
    expect(others).toEqual([]);
    expect(await hub().evidence(listing, 'base-model')).toEqual([
      { origin: 'base-model', label: 'its base model maker/base', config: base },
    ]);
  });

  it('has nothing to say about a model with one commit and no card', async () => {
    const listing = await hub().list('tester/open', 'main');
    expect(await hub().evidence(listing, 'earlier-revision')).toEqual([]);
    expect(await hub().evidence(listing, 'base-model')).toEqual([]);
  });

  it('does without a base model that is gated', async () => {
    expect(await hub().evidence(await hub().list('tester/shy', 'main'), 'base-model')).toEqual([]);
  });
});
