import { expect, it } from 'vitest';
import { agreeingEvidence, settle } from '@/lib/model/config-evidence';
import { fingerprintConfig } from '@/lib/model/fingerprint-config';
import { matchProvenance } from '@/lib/model/match-provenance';
import { toModelFacts } from '@/lib/model/model-facts';
import { readTensorFacts } from '@/lib/model/tensor-facts';

/** Phi-4's tensors by name and shape, as its files have them, with so many rows in the embedding. */
function phi4Tensors(rows: number) {
  const shapes: Record<string, number[]> = {
    'model.embed_tokens.weight': [rows, 5120],
    'model.norm.weight': [5120],
    'lm_head.weight': [rows, 5120],
  };
  for (let layer = 0; layer < 40; layer += 1) {
    const at = `model.layers.${layer}.`;
    shapes[`${at}self_attn.qkv_proj.weight`] = [7680, 5120];
    shapes[`${at}self_attn.o_proj.weight`] = [5120, 5120];
    shapes[`${at}mlp.gate_up_proj.weight`] = [35_840, 5120];
    shapes[`${at}mlp.down_proj.weight`] = [5120, 17_920];
    shapes[`${at}input_layernorm.weight`] = [5120];
    shapes[`${at}post_attention_layernorm.weight`] = [5120];
  }
  return Object.entries(shapes).map(([name, shape]) => ({
    name,
    shape,
    dtype: 'BF16',
    begin: 0,
    end: 0,
    file: 'model.safetensors',
  }));
}

it.each([[100_352], [100_416]])("Phi-4's tensors with %d rows settle its heads, and not its theta", (rows) => {
  const facts = readTensorFacts(phi4Tensors(rows));
  const matches = matchProvenance(toModelFacts(facts), {
    query: facts.facts.query_rows?.value,
    keyValue: facts.facts.key_rows?.value,
  });
  expect(matches[0]).toMatchObject({ model: 'microsoft/phi-4', exact: true });
  const evidence = fingerprintConfig(matches, 'phi3');
  expect(evidence).not.toBeNull();
  const agreeing = agreeingEvidence(evidence ? [evidence] : [], facts);
  expect(agreeing).toHaveLength(1);
  expect(settle(agreeing, ['num_attention_heads'])?.value).toBe(40);
  expect(settle(agreeing, ['sliding_window'])?.value).toBeNull();
  expect(settle(agreeing, ['rope_theta'])).toBeNull();
});
