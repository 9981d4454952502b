import { describe, expect, it } from 'vitest';
import { checkSpelling, fractionSpellings } from '../../lib/model/config-spelling';

function repair(text: string) {
  return checkSpelling(JSON.parse(text), fractionSpellings(text)).patch;
}

describe('a value of the wrong kind', () => {
  it.each([
    ['{"num_hidden_layers": 4.0}', { num_hidden_layers: 4 }],
    ['{"num_hidden_layers": 4e0, "vocab_size": 3.2E+4}', { num_hidden_layers: 4, vocab_size: 32_000 }],
    ['{"num_hidden_layers": "4", "head_dim": " 64 "}', { num_hidden_layers: 4, head_dim: 64 }],
    ['{"num_key_value_heads": "2.0"}', { num_key_value_heads: 2 }],
    ['{"rope_theta": "1e6", "rms_norm_eps": "1e-05"}', { rope_theta: 1_000_000, rms_norm_eps: 0.00001 }],
    [
      '{"tie_word_embeddings": "False", "attention_bias": "true"}',
      { tie_word_embeddings: false, attention_bias: true },
    ],
    ['{"text_config": {"hidden_size": 8.0}}', { 'text_config.hidden_size': 8 }],
    [
      '{"rope_scaling": {"factor": "8", "original_max_position_embeddings": 8192.0}}',
      { 'rope_scaling.factor': 8, 'rope_scaling.original_max_position_embeddings': 8192 },
    ],
    ['{"num_hidden_layers": 3, "num_hidden_layers": 4.0}', { num_hidden_layers: 4 }],
  ])('becomes what it stands for: %s', (text, patch) => {
    expect(repair(text)).toEqual(patch);
  });

  it.each([
    '{"rope_theta": 10000.0, "rms_norm_eps": 1e-05, "num_hidden_layers": 4}',
    '{"num_hidden_layers": 4.0, "num_hidden_layers": 4}',
    '{"num_hidden_layers": "four", "vocab_size": 4.5, "head_dim": null}',
    '{"model_type": "4", "transformers_version": "4.57"}',
    '{"tie_word_embeddings": "maybe", "intermediate_size": [8.0, 16.0]}',
    '{"vision_config": {"hidden_size": 8.0}}',
  ])('is none: %s', (text) => {
    expect(repair(text)).toEqual({});
  });

  it('is said as it is spelled', () => {
    const text = '{"num_hidden_layers": 4.0}';
    const { findings } = checkSpelling(JSON.parse(text), fractionSpellings(text));
    expect(findings).toMatchObject([
      { code: 'config-value-misspelled', severity: 'blocks', field: 'num_hidden_layers', configured: '4.0', actual: 4 },
    ]);
  });

  it('is not looked for in what is no JSON', () => {
    expect(fractionSpellings('{"a": 4.0,')).toEqual(new Map());
  });
});
