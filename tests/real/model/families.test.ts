import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ByteRangeReader } from '../../../lib/model/byte-range-reader';
import { type CheckpointInspection, inspectCheckpoint } from '../../../lib/model/inspect-checkpoint';
import { supportsTextArchitecture } from '../../../lib/model/supported-architectures';
import { diskReader } from '../../support/disk-reader';
import { cachedPath, toolchainProgram, unlessMissing } from '../../support/installed-toolchain';
import { madeFolder } from '../../support/made-folder';
import { pythonTexts } from '../../support/python-texts';

const python = toolchainProgram('python');
const SUPPORT = path.resolve(import.meta.dirname, '../../support');
const MAKER = path.join(SUPPORT, 'make_family_checkpoints.py');
/** What the converter reads of these and transformers does not write, or writes otherwise; the maker adds it. */
const NEEDED_BY_CONVERTER = {
  GPT2: 'n_ctx',
  Falcon: 'num_kv_heads',
  Cohere2: 'rotary_pct',
  ModernBert: 'layer_norm_eps',
};
/** Facts and the key that has the same meaning in every family that has it. */
const SAME_NAMES = {
  numHiddenLayers: 'num_hidden_layers',
  hiddenSize: 'hidden_size',
  vocabSize: 'vocab_size',
  intermediateSize: 'intermediate_size',
  moeIntermediateSize: 'moe_intermediate_size',
  numExperts: 'num_experts',
  numAttentionHeads: 'num_attention_heads',
  numKeyValueHeads: 'num_key_value_heads',
  headDim: 'head_dim',
  qLoraRank: 'q_lora_rank',
  kvLoraRank: 'kv_lora_rank',
  attentionBias: 'attention_bias',
  mlpBias: 'mlp_bias',
  maxPositionEmbeddings: 'max_position_embeddings',
  typeVocabSize: 'type_vocab_size',
};

function inspect(reader: ByteRangeReader): Promise<CheckpointInspection> {
  return inspectCheckpoint(reader, { supportsArchitecture: supportsTextArchitecture });
}

describe.skipIf(python === null)(
  unlessMissing('checkpoints as transformers saves them', python, 'the toolchain'),
  () => {
    let folder = '';
    beforeAll(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'quantdeck-families-'));
      const made = await madeFolder('families', [await pythonTexts(SUPPORT)], async (target) => {
        await promisify(execFile)(python ?? '', [MAKER, target], { env: { ...process.env, HF_HUB_OFFLINE: '1' } });
      });
      // A copy: these tests damage config.json.
      await cp(made, folder, { recursive: true });
    }, 180_000);
    afterAll(() => rm(folder, { recursive: true, force: true }));

    it('raise no false alarm in any of at least 50 families, and prove layers, hidden size and vocabulary', async () => {
      const families = await readdir(folder);
      expect(families.length).toBeGreaterThanOrEqual(50);
      for (const family of families) {
        const { inspection, repair, facts } = await inspect(diskReader(path.join(folder, family)));
        const fields = inspection.findings.filter(({ code }) => code.startsWith('config-')).map(({ field }) => field);
        expect.soft([family, fields]).toEqual([family, []]);
        expect.soft([family, repair.patch]).toEqual([family, {}]);
        const open = repair.undetermined.filter(({ candidates }) => candidates[0] !== 4);
        expect.soft([family, open]).toEqual([family, []]);
        const { numHiddenLayers: layers, hiddenSize: hidden, vocabSize: vocabulary } = facts;
        expect([family, layers?.value, hidden?.value, vocabulary?.value]).toEqual([family, 3, 64, 160]);
      }
    }, 60_000);

    it('get back what only the converter needs', async () => {
      for (const [family, key] of Object.entries(NEEDED_BY_CONVERTER)) {
        const file = path.join(folder, family, 'config.json');
        const original = await readFile(file, 'utf8');
        const { [key]: value, ...rest } = JSON.parse(original) as Record<string, unknown>;
        await writeFile(file, JSON.stringify(rest));
        const { repair } = await inspect(diskReader(path.join(folder, family)));
        await writeFile(file, original);
        expect([family, repair.patch]).toEqual([family, { [key]: value }]);
      }
    });

    it('prove only what config.json says too, in every family', async () => {
      let compared = 0;
      for (const family of await readdir(folder)) {
        const config = JSON.parse(await readFile(path.join(folder, family, 'config.json'), 'utf8')) as Record<
          string,
          unknown
        >;
        const { facts } = await inspect(diskReader(path.join(folder, family)));
        for (const [name, key] of Object.entries(SAME_NAMES)) {
          const proven = facts[name as keyof typeof facts]?.value;
          if (proven === undefined || config[key] === undefined || (family === 'Lfm2' && key === 'intermediate_size'))
            continue;
          expect([family, key, proven]).toEqual([family, key, config[key]]);
          compared += 1;
        }
      }
      expect(compared).toBeGreaterThan(250);
    }, 60_000);

    it('are told apart, or left open, when config.json has lost everything', async () => {
      for (const family of await readdir(folder)) {
        const file = path.join(folder, family, 'config.json');
        const original = await readFile(file, 'utf8');
        const config = JSON.parse(original) as Record<string, unknown>;
        await writeFile(file, '{}');
        const { repair, blocking } = await inspect(diskReader(path.join(folder, family)));
        await writeFile(file, original);
        expect([family, blocking === null]).toEqual([family, false]);
        const { model_type: type, ...sizes } = repair.patch;
        // Qwen2's layers have the names of a far rarer model's.
        if (type !== undefined && family !== 'SeedOss') expect([family, type]).toEqual([family, config['model_type']]);
        for (const key of ['num_hidden_layers', 'hidden_size', 'vocab_size', 'num_attention_heads', 'num_experts']) {
          if (sizes[key] !== undefined) expect([family, key, sizes[key]]).toEqual([family, key, config[key]]);
        }
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
          const { repair } = await inspect(diskReader(path.join(folder, family)));
          expect([family, repair.patch]).toEqual([family, expect.objectContaining({ [key]: config[key] })]);
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
    expect(inspection.findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
    expect(inspection.parameterCount).toBe(134_515_008);
  },
);
