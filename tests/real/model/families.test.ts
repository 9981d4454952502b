import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ByteRangeReader } from '../../../lib/model/byte-range-reader';
import { type CheckpointInspection, inspectCheckpoint } from '../../../lib/model/inspect-checkpoint';
import { supportsTextArchitecture } from '../../../lib/model/supported-architectures';
import { diskReader } from '../../support/disk-reader';
import { cachedPath, toolchainProgram, unlessMissing } from '../../support/installed-toolchain';

const python = toolchainProgram('python');
const MAKER = path.resolve(import.meta.dirname, '../../support/make_family_checkpoints.py');
/** What of a finding is about sizes; the tiny models have no tokenizer, and some are of architectures no GGUF has. */
const SIZES = new Set([
  'model-config-contradicts-tensors',
  'config-field-missing',
  'config-contradicts-tensors',
  'model-weights-missing',
]);

function inspect(reader: ByteRangeReader): Promise<CheckpointInspection> {
  return inspectCheckpoint(reader, { supportsArchitecture: supportsTextArchitecture });
}

describe.skipIf(python === null)(
  unlessMissing('checkpoints as transformers saves them', python, 'the toolchain'),
  () => {
    let folder = '';
    beforeAll(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'quantdeck-families-'));
      await promisify(execFile)(python ?? '', [MAKER, folder], { env: { ...process.env, HF_HUB_OFFLINE: '1' } });
    }, 180_000);
    afterAll(() => rm(folder, { recursive: true, force: true }));

    it('raise no false alarm in any of at least 40 families, and prove layers, hidden size and vocabulary', async () => {
      const families = await readdir(folder);
      expect(families.length).toBeGreaterThanOrEqual(40);
      for (const family of families) {
        const { inspection, proposedPatch } = await inspect(diskReader(path.join(folder, family)));
        expect([family, inspection.findings.filter((finding) => SIZES.has(finding.code))]).toEqual([family, []]);
        expect([family, proposedPatch]).toEqual([family, null]);
        const { num_hidden_layers: layers, hidden_size: hidden, vocab_size: vocabulary } = inspection.facts;
        expect([family, layers?.value, hidden?.value, vocabulary?.value]).toEqual([family, 3, 64, 160]);
      }
    }, 60_000);

    it('are noticed in every family when layers, hidden size or vocabulary of config.json are wrong', async () => {
      for (const family of await readdir(folder)) {
        const file = path.join(folder, family, 'config.json');
        const original = await readFile(file, 'utf8');
        const config = JSON.parse(original) as Record<string, unknown>;
        for (const keys of [
          ['num_hidden_layers', 'n_layer', 'n_layers'],
          ['hidden_size', 'n_embd', 'd_model', 'dim'],
          ['vocab_size'],
        ]) {
          const key = keys.find((name) => name in config) ?? '';
          await writeFile(file, JSON.stringify({ ...config, [key]: Number(config[key]) + 4 }));
          const { proposedPatch } = await inspect(diskReader(path.join(folder, family)));
          expect([family, proposedPatch]).toEqual([family, expect.objectContaining({ [key]: config[key] })]);
        }
        await writeFile(file, original);
      }
    }, 60_000);
  },
);

const smol = cachedPath('checkpoints', 'SmolLM2-135M-Instruct');

it.skipIf(smol === null)(
  unlessMissing('SmolLM2-135M-Instruct passes, with the numbers it is known for', smol, 'the checkpoint'),
  async () => {
    const { blocking, inspection } = await inspect(diskReader(smol ?? ''));
    expect(blocking).toBeNull();
    const numbers = Object.fromEntries(Object.entries(inspection.facts).map(([name, fact]) => [name, fact.value]));
    expect(numbers).toMatchObject({
      num_hidden_layers: 30,
      hidden_size: 576,
      vocab_size: 49152,
      intermediate_size: 1536,
      key_rows: 192,
    });
    expect(inspection.parameterCount).toBe(134_515_008);
  },
);
