import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answers, type CheckSource, type ModelCheckReport, readinessOf } from '../../lib/domain/model-check';
import { createHub } from '../../lib/hub/create-hub';
import { supportsTextArchitecture } from '../../lib/model/supported-architectures';
import { checkModel, type ModelCheckWorld } from '../../lib/pipeline/model-check';
import { systemClock } from '../../lib/server/system-clock';
import { createLocalFolder } from '../../lib/store/local-folder';
import { bigCheckpoint } from '../bench/big-checkpoint';
import { type FakeHub, startFakeHub } from '../support/fake-hub/fake-hub';
import { checkpointFiles, TINY_CHECKPOINTS, type TinyCheckpoint, tinyTokenizer } from '../support/tiny-checkpoints';

const llama = TINY_CHECKPOINTS['llama'] as TinyCheckpoint;
const whole = checkpointFiles(llama);
const withConfig = (changes: Record<string, unknown>) => ({
  ...whole,
  'config.json': JSON.stringify({ ...llama.config, ...changes }),
});

let hub: FakeHub;
let folder: string;
beforeAll(async () => {
  hub = await startFakeHub({ repos: { 'tester/whole': { files: whole }, 'tester/lying': { files: whole } } });
  await hub.addRepo('tester/lying', { files: withConfig({ num_hidden_layers: 2, vocab_size: 50_257 }) });
  await hub.addRepo('tester/stripped', { files: whole });
  await hub.addRepo('tester/stripped', { files: { ...whole, 'config.json': '{"model_type":"llama"}' } });
  // The shapes do not change when heads are doubled and halved in size; the base model knows better.
  const card = '---\nbase_model: tester/whole\n---\n';
  const heads = { num_attention_heads: 8, num_key_value_heads: 4, head_dim: 4 };
  await hub.addRepo('tester/other-heads', { files: { ...withConfig(heads), 'README.md': card } });
  const asking = { vocab_size: 50_257, rope_theta: undefined, rope_scaling: null, transformers_version: '4.50.0' };
  await hub.addRepo('tester/asking', { files: withConfig(asking) });
  folder = await mkdtemp(path.join(tmpdir(), 'quantdeck-check-'));
  for (const [name, content] of Object.entries(whole)) await writeFile(path.join(folder, name), content);
});
afterAll(async () => {
  await hub.close();
  await rm(folder, { recursive: true });
});

async function check(
  source: CheckSource,
  answers: Answers = {},
): Promise<ModelCheckReport & { commit: string | null }> {
  const world = {
    hub: async () => createHub({ endpoint: hub.url, token: null }),
    localFolder: createLocalFolder(),
    clock: systemClock,
    toolchain: { supportsArchitecture: supportsTextArchitecture },
    encodeText: async () => null,
    vocabularies: { list: async () => [], keep: async () => undefined },
    connectHost: () => Promise.reject(new Error('no host is needed')),
  } as unknown as ModelCheckWorld;
  const { report, commit } = await checkModel({ source, commit: null, answers }, world, new AbortController().signal);
  return { ...report, commit };
}
const onHub = (name: string) => check({ kind: 'hub', repo: `tester/${name}`, revision: 'main' });

describe('a model check', () => {
  it('finds nothing that stops a healthy model, on the hub and in a folder alike', async () => {
    const there = await onHub('whole');
    const here = await check({ kind: 'folder', path: folder, instanceId: null });
    expect(there.stops).toBeNull();
    expect(there.findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
    expect(there.repair.patch).toEqual({});
    expect(there.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(there.facts.numHiddenLayers?.value).toBe(3);
    expect(here).toMatchObject({ facts: there.facts, findings: there.findings, fits: there.fits, commit: null });
    const bytes = Object.values(whole).reduce((sum, content) => sum + content.length, 0);
    expect(here.bytesRead).toBeLessThanOrEqual(bytes);
  });

  it('proposes what the tensors prove, and says that nothing is left to stop it then', async () => {
    const report = await onHub('lying');
    expect(report.stops?.code).toBe('model-config-contradicts-tensors');
    expect(report.repair).toMatchObject({ patch: { num_hidden_layers: 3, vocab_size: 96 }, undetermined: [] });
    expect(report.stopsAfterRepair).toBeNull();
  });

  it('restores a config.json of one line from the commit before it', async () => {
    const report = await onHub('stripped');
    expect(report.stopsAfterRepair).toBeNull();
    expect(report.repair.patch).toMatchObject({
      rope_theta: 10000,
      num_attention_heads: 4,
      architectures: expect.anything(),
    });
  });

  it('sees heads that fit every shape and are wrong, by the base model that the card names', async () => {
    const report = await onHub('other-heads');
    expect(report.stops).not.toBeNull();
    expect(report.repair.patch).toMatchObject({ num_attention_heads: 4, num_key_value_heads: 2 });
    expect(report.stopsAfterRepair).toBeNull();
  });

  it('reads 55 GB by one short request a shard, and counts what it read', async () => {
    const big = bigCheckpoint();
    await hub.addRepo('tester/big', {
      files: { ...big.files, 'tokenizer.json': tinyTokenizer(96), 'tokenizer_config.json': '{}' },
      sparse: big.weights,
    });
    const [requests, bytes] = [hub.requests.length, hub.bytesSent()];
    const report = await onHub('big');
    const made = hub.requests.slice(requests);
    // Its tokenizer is far too small for these weights: one that fits would be most of what is read.
    expect(report.stops?.code).toBe('model-tokenizer-mismatch');
    expect(report.facts.numHiddenLayers?.value).toBe(big.layers);
    for (const shard of Object.keys(big.weights))
      expect(made.filter(({ path: asked }) => asked.endsWith(shard))).toHaveLength(1);
    expect(report.bytesRead).toBeGreaterThan(big.headerBytes);
    expect(report.bytesRead).toBeLessThan(1_000_000);
    const sent = hub.bytesSent() - bytes;
    // The rest are headers of HTTP.
    expect(sent - report.bytesRead).toBeGreaterThan(0);
    expect(sent - report.bytesRead).toBeLessThan(made.length * 600);
  });

  it('waits for an answer where nothing decides, and is ready once there is one', async () => {
    const source = { kind: 'hub', repo: 'tester/asking', revision: 'main' } as const;
    const before = await check(source);
    expect(readinessOf(before)).toBe('unanswered');
    expect(before.repair.patch).toEqual({ vocab_size: 96 });
    expect(before.repair.undetermined.filter(({ isRequired }) => isRequired)).toMatchObject([{ field: 'rope_theta' }]);
    const after = await check(source, { rope_theta: 500_000 });
    expect(readinessOf(after)).toBe('repairable');
    expect(after.stops?.code).toBe(before.stops?.code);
    expect(after.repair).toMatchObject({
      patch: { vocab_size: 96, rope_theta: 500_000 },
      answers: [{ field: 'rope_theta', value: 500_000 }],
    });
  });

  it('says in words that there is no such model, and no such folder', async () => {
    await expect(onHub('nothing')).rejects.toMatchObject({ failure: { code: 'model-not-found' } });
    const nowhere = check({ kind: 'folder', path: `${folder}/nothing`, instanceId: null });
    await expect(nowhere).rejects.toMatchObject({ failure: { code: 'source-folder-missing' } });
  });
});
