import { describe, expect, it } from 'vitest';
import type { ModelFactName, ModelFacts } from '@/lib/domain/model-check';
import { fingerprintConfig } from '@/lib/model/fingerprint-config';
import { KNOWN_MODELS } from '@/lib/model/fingerprints/known-models';
import { matchProvenance } from '@/lib/model/match-provenance';

function facts(values: Partial<Record<ModelFactName, number | boolean>>): ModelFacts {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, tensor: 't', shape: [] }]));
}

/** What the tensors of Phi-4 prove: no heads, only their products. */
const PHI4 = { numHiddenLayers: 40, hiddenSize: 5120, vocabSize: 100_352, intermediateSize: 17_920 };
const PHI4_ROWS = { query: 5120, keyValue: 1280 };
const names = (values: Parameters<typeof facts>[0], rows = {}) =>
  matchProvenance(facts(values), rows).map(({ model }) => model);

describe('the table', () => {
  it('has at least 60 models, each once, with a source and whole numbers', () => {
    expect(KNOWN_MODELS.length).toBeGreaterThanOrEqual(60);
    expect(new Set(KNOWN_MODELS.map(({ model }) => model)).size).toBe(KNOWN_MODELS.length);
    for (const { model, source, dimensions } of KNOWN_MODELS) {
      expect(source, model).not.toBe('');
      for (const value of Object.values(dimensions)) expect(Number.isInteger(value) && value > 0, model).toBe(true);
    }
  });

  it('finds every model by its own dimensions, first or among those with the same ones', () => {
    for (const base of KNOWN_MODELS) {
      const matches = matchProvenance(facts(base.dimensions));
      const own = matches.find(({ model }) => model === base.model);
      expect(own, base.model).toEqual({ model: base.model, exact: true, differences: [] });
      expect(
        matches.every(({ exact }) => exact),
        base.model,
      ).toBe(true);
      expect(matches[0]?.differences, base.model).toEqual([]);
    }
  });

  // Public parameter counts of dense models, as a check of the numbers that is not the source itself.
  it.each([
    ['microsoft/phi-4', 14.66e9, false],
    ['meta-llama/Llama-3.1-8B', 8.03e9, false],
    ['meta-llama/Llama-3.2-1B', 1.236e9, true],
    ['mistralai/Mistral-Nemo-Base-2407', 12.25e9, false],
    ['mistralai/Mistral-Small-24B-Base-2501', 23.57e9, false],
    ['Qwen/Qwen2.5-7B', 7.616e9, false],
    ['Qwen/Qwen3-8B', 8.19e9, false],
    ['google/gemma-2-9b', 9.24e9, true],
    ['HuggingFaceTB/SmolLM2-135M', 134.5e6, true],
    ['tiiuae/Falcon3-10B-Base', 10.3e9, false],
  ])('has dimensions for %s that make its %d parameters', (model, expected, tied) => {
    const d = KNOWN_MODELS.find((base) => base.model === model)?.dimensions ?? {};
    const at = (name: ModelFactName) => d[name] ?? Number.NaN;
    const heads = at('numAttentionHeads') * at('headDim');
    const keyValue = at('numKeyValueHeads') * at('headDim');
    const layer = at('hiddenSize') * (2 * heads + 2 * keyValue + 3 * at('intermediateSize'));
    const total = at('numHiddenLayers') * layer + at('vocabSize') * at('hiddenSize') * (tied ? 1 : 2);
    expect(Math.abs(total / expected - 1)).toBeLessThan(0.005);
  });
});

describe('exact matches', () => {
  it('lists all models that shapes cannot tell apart', () => {
    expect(names(PHI4, PHI4_ROWS)).toEqual([
      'microsoft/phi-4',
      'microsoft/Phi-4-reasoning',
      'microsoft/Phi-4-reasoning-plus',
      'unsloth/phi-4',
    ]);
    const llama = { numHiddenLayers: 32, hiddenSize: 4096, vocabSize: 128_256, intermediateSize: 14_336 };
    expect(names(llama)).toEqual(['meta-llama/Meta-Llama-3-8B', 'meta-llama/Llama-3.1-8B']);
    const qwen = { numHiddenLayers: 28, hiddenSize: 3584, vocabSize: 152_064, intermediateSize: 18_944 };
    expect(names(qwen)).toEqual(
      expect.arrayContaining(['Qwen/Qwen2.5-7B', 'Qwen/Qwen2.5-Math-7B', 'Qwen/Qwen2.5-7B-Instruct-1M']),
    );
  });

  it('tolerates added vocabulary, says so, and puts it behind what matches without', () => {
    const [first] = matchProvenance(facts({ ...PHI4, vocabSize: 100_416 }), PHI4_ROWS);
    expect(first).toEqual({
      model: 'microsoft/phi-4',
      exact: true,
      differences: [{ field: 'vocabSize', expected: 100_352, actual: 100_416 }],
    });
    const codeLlama = { numHiddenLayers: 32, hiddenSize: 4096, vocabSize: 32_016, intermediateSize: 11_008 };
    expect(names(codeLlama)[0]).toBe('codellama/CodeLlama-7b-hf');
    expect(names(codeLlama)).toContain('meta-llama/Llama-2-7b-hf');
  });

  it('tolerates an embedding that was resized to its tokens, which takes the padding away', () => {
    const resized = { numHiddenLayers: 28, hiddenSize: 1536, vocabSize: 151_665, intermediateSize: 8960 };
    expect(matchProvenance(facts(resized))[0]).toMatchObject({ model: 'Qwen/Qwen2-1.5B', exact: true });
    expect(names({ ...resized, vocabSize: 151_642 })).not.toEqual([]);
    expect(matchProvenance(facts({ ...resized, vocabSize: 151_642 }))[0]).toMatchObject({ exact: false });
  });

  it('takes no other vocabulary for an added one', () => {
    const matches = matchProvenance(facts({ ...PHI4, vocabSize: 100_352 + 1025 }), PHI4_ROWS);
    expect(matches.map(({ exact }) => exact)).toEqual([false, false, false]);
  });

  it('is not fooled by products that differ: Mistral Nemo has heads of 128, not of 160', () => {
    const nemo = { numHiddenLayers: 40, hiddenSize: 5120, vocabSize: 131_072, intermediateSize: 14_336 };
    expect(names(nemo, { query: 4096, keyValue: 1024 })).toEqual(['mistralai/Mistral-Nemo-Base-2407']);
    expect(names(nemo, { query: 5120, keyValue: 1280 })).toEqual([]);
  });

  it('takes the size of the experts from either fact, and experts for no plain feed-forward', () => {
    const shape = { numHiddenLayers: 32, hiddenSize: 4096, vocabSize: 32_000 };
    expect(names({ ...shape, intermediateSize: 14_336, numExperts: 8 })).toEqual(['mistralai/Mixtral-8x7B-v0.1']);
    expect(names({ ...shape, moeIntermediateSize: 14_336, numExperts: 8 })).toEqual(['mistralai/Mixtral-8x7B-v0.1']);
    expect(names({ ...shape, intermediateSize: 14_336 })).not.toContain('mistralai/Mixtral-8x7B-v0.1');
    expect(names({ ...shape, moeIntermediateSize: 7168, numExperts: 8 })).toEqual([]);
  });

  it('tells encoders from decoders of the same size by their learned positions', () => {
    const base = { numHiddenLayers: 12, hiddenSize: 768, intermediateSize: 3072 };
    const roberta = { ...base, vocabSize: 50_265, maxPositionEmbeddings: 514, typeVocabSize: 1 };
    expect(names(roberta)).toEqual([]);
    expect(names({ ...base, vocabSize: 50_257, maxPositionEmbeddings: 1024 })).toEqual(['openai-community/gpt2']);
  });
});

describe('near matches and none', () => {
  it('names the base of a model with layers cut out, and what differs', () => {
    const [first] = matchProvenance(facts({ ...PHI4, numHiddenLayers: 36 }), PHI4_ROWS);
    expect(first).toEqual({
      model: 'microsoft/phi-4',
      exact: false,
      differences: [{ field: 'numHiddenLayers', expected: 40, actual: 36 }],
    });
  });

  it('puts the smaller change first', () => {
    const solar = { numHiddenLayers: 48, hiddenSize: 4096, vocabSize: 32_002, intermediateSize: 14_336 };
    const matches = matchProvenance(facts(solar), { query: 4096, keyValue: 1024 });
    expect(matches[0]?.model).toBe('mistralai/Mistral-7B-v0.1');
    expect(matches.map(({ exact }) => exact)).toEqual([false, false, false]);
  });

  it('claims nothing for a small model of the same ratios, a width of its own, or too few facts', () => {
    const tiny = { numHiddenLayers: 4, hiddenSize: 160, vocabSize: 1024, intermediateSize: 560 };
    expect(names(tiny, { query: 160, keyValue: 40 })).toEqual([]);
    expect(names({ ...PHI4, intermediateSize: 17_921 }, PHI4_ROWS)).toEqual([]);
    expect(names({ ...PHI4, numHiddenLayers: 80 }, PHI4_ROWS)).toEqual([]);
    expect(names({ hiddenSize: 5120, vocabSize: 100_352, intermediateSize: 17_920 })).toEqual([]);
    expect(names({ numHiddenLayers: 40, hiddenSize: 5120, vocabSize: 100_352 })).toEqual([]);
    expect(names({})).toEqual([]);
  });

  it('claims nothing for sizes that no model has', () => {
    expect(names({ numHiddenLayers: 0, hiddenSize: 0, vocabSize: 0, intermediateSize: 0 })).toEqual([]);
    expect(names({ ...PHI4, vocabSize: 0 })).toEqual([]);
    expect(names({ ...PHI4, numHiddenLayers: Number.MAX_SAFE_INTEGER })).toEqual([]);
  });
});

describe('fingerprintConfig', () => {
  it('gives what all exact matches agree on, and leaves out what they do not', () => {
    const evidence = fingerprintConfig(matchProvenance(facts(PHI4), PHI4_ROWS));
    expect(evidence?.origin).toBe('fingerprint');
    expect(evidence?.label).toBe(
      'exactly the shapes of microsoft/phi-4, microsoft/Phi-4-reasoning, microsoft/Phi-4-reasoning-plus and 1 more',
    );
    expect(evidence?.config).toEqual({
      num_hidden_layers: 40,
      hidden_size: 5120,
      vocab_size: 100_352,
      intermediate_size: 17_920,
      num_attention_heads: 40,
      num_key_value_heads: 10,
      head_dim: 128,
      rms_norm_eps: 1e-5,
      rope_scaling: null,
    });
  });

  it('lets only models of the same class speak, where the class is known', () => {
    const evidence = fingerprintConfig(matchProvenance(facts(PHI4), PHI4_ROWS), 'phi3');
    expect(evidence?.config).toMatchObject({ model_type: 'phi3', sliding_window: null, num_attention_heads: 40 });
    expect(evidence?.config).not.toHaveProperty('rope_theta');
    const split = fingerprintConfig(matchProvenance(facts(PHI4), PHI4_ROWS), 'llama');
    expect(split?.config).toMatchObject({ model_type: 'llama', rope_theta: 250_000 });
    const unknown = fingerprintConfig(matchProvenance(facts(PHI4), PHI4_ROWS), 'causal_lm');
    expect(unknown?.config).not.toHaveProperty('model_type');
  });

  it('gives theta and scaling where there is one origin only', () => {
    const shape = { numHiddenLayers: 16, hiddenSize: 2048, vocabSize: 128_256, intermediateSize: 8192 };
    const evidence = fingerprintConfig(matchProvenance(facts(shape), { query: 2048, keyValue: 512 }));
    expect(evidence?.config).toMatchObject({
      architectures: ['LlamaForCausalLM'],
      model_type: 'llama',
      num_attention_heads: 32,
      head_dim: 64,
      rope_theta: 500_000,
      rope_scaling: { rope_type: 'llama3', factor: 32 },
    });
  });

  it('does not let a tolerated vocabulary settle what the other origin would say otherwise', () => {
    // 32016 rows: CodeLlama, or Llama 2 with tokens added. Theta is 1e6 or 1e4.
    const shape = { numHiddenLayers: 32, hiddenSize: 4096, vocabSize: 32_016, intermediateSize: 11_008 };
    const evidence = fingerprintConfig(matchProvenance(facts(shape)));
    expect(evidence?.config).toMatchObject({ num_attention_heads: 32, model_type: 'llama' });
    expect(evidence?.config).not.toHaveProperty('rope_theta');
  });

  it("uses the family's own key for heads", () => {
    const gpt2 = {
      numHiddenLayers: 12,
      hiddenSize: 768,
      vocabSize: 50_257,
      intermediateSize: 3072,
      maxPositionEmbeddings: 1024,
    };
    expect(fingerprintConfig(matchProvenance(facts(gpt2)))?.config).toMatchObject({
      n_layer: 12,
      n_embd: 768,
      n_head: 12,
      n_positions: 1024,
    });
    const pythia = { numHiddenLayers: 6, hiddenSize: 512, vocabSize: 50_304, intermediateSize: 2048 };
    const neox = fingerprintConfig(matchProvenance(facts(pythia)))?.config;
    expect(neox).toMatchObject({ num_attention_heads: 8, rotary_pct: 0.25 });
    expect(neox).not.toHaveProperty('num_key_value_heads');
  });

  it('agrees with the tensors that it was found by, for every known model', () => {
    for (const base of KNOWN_MODELS) {
      const config = fingerprintConfig(matchProvenance(facts(base.dimensions)), base.modelType)?.config ?? {};
      const { headDim, numAttentionHeads, ...sizes } = base.dimensions;
      const values = Object.values(config);
      for (const size of Object.values(sizes)) {
        if (size !== base.dimensions.numKeyValueHeads && size !== base.dimensions.vocabSize) {
          expect([base.model, values.includes(size)]).toEqual([base.model, true]);
        }
      }
      expect([base.model, numAttentionHeads === undefined || values.includes(numAttentionHeads)]).toEqual([
        base.model,
        true,
      ]);
      expect(config['model_type']).toBe(base.modelType);
    }
  });

  it('says nothing without an exact match', () => {
    expect(fingerprintConfig(matchProvenance(facts({ ...PHI4, numHiddenLayers: 36 })))).toBeNull();
    expect(fingerprintConfig([])).toBeNull();
  });
});
