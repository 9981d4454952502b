import { describe, expect, it } from 'vitest';
import type { GgufHeader, GgufTensor, GgufValue } from '../../lib/model/gguf-header';
import { compareMetadata } from '../../lib/model/gguf-metadata-check';
import { compareTensors } from '../../lib/model/gguf-plan-check';
import { type GgufTensorPlan, planGgufTensors } from '../../lib/model/gguf-tensor-plan';
import { llamaTensors } from '../support/planned-checkpoints';

const config = {
  architectures: ['LlamaForCausalLM'],
  num_hidden_layers: 2,
  hidden_size: 256,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  rope_theta: 500_000,
  rms_norm_eps: 1e-5,
};

function planOf(changes = {}): GgufTensorPlan {
  const plan = planGgufTensors({ tensors: llamaTensors(), config: { ...config, ...changes } });
  if (plan === null) throw new Error('not planned');
  return plan;
}

function header(tensors: readonly GgufTensor[], metadata: Record<string, GgufValue> = {}): GgufHeader {
  return { version: 3, metadata: new Map(Object.entries(metadata)), tensors, alignment: 32, dataStart: 0 };
}

function written(plan: GgufTensorPlan): GgufTensor[] {
  return plan.tensors.map(({ name, dimensions }) => ({ name, dimensions, typeNumber: 0, offset: 0 }));
}

describe('compareTensors', () => {
  it('finds nothing in what was planned', () => {
    expect(compareTensors(header(written(planOf())), planOf())).toEqual([]);
  });

  it('names a tensor that is missing, one too many, and one of another shape', () => {
    const tensors = written(planOf()).filter(({ name }) => name !== 'blk.1.attn_k.weight');
    const [first] = tensors;
    const other = { name: 'blk.2.attn_k.weight', dimensions: [256, 128], typeNumber: 0, offset: 0 };
    const changed = tensors.map((tensor) => (tensor === first ? { ...tensor, dimensions: [1, 2] } : tensor));
    expect(compareTensors(header([...changed, other]), planOf())).toEqual([
      `Tensor ${first?.name} is [1, 2] in the GGUF, but the checkpoint makes it [${first?.dimensions.join(', ')}].`,
      'Tensor blk.1.attn_k.weight of the checkpoint is missing in the GGUF.',
      'Tensor blk.2.attn_k.weight is in the GGUF, but the checkpoint has nothing that makes it.',
    ]);
  });

  it('lets Gemma 3 lose embedding rows, and no other', () => {
    const plan = planGgufTensors({
      tensors: llamaTensors(),
      config: { ...config, architectures: ['Gemma3ForCausalLM'] },
    });
    if (plan === null) throw new Error('not planned');
    const cut = (rows: number) =>
      written(plan).map((one) => (one.name === 'token_embd.weight' ? { ...one, dimensions: [256, rows] } : one));
    expect(compareTensors(header(cut(200)), plan)).toEqual([]);
    expect(compareTensors(header(cut(321)), plan)).toHaveLength(1);
    const llama = written(planOf()).map((one) =>
      one.name === 'token_embd.weight' ? { ...one, dimensions: [256, 200] } : one,
    );
    expect(compareTensors(header(llama), planOf())).toHaveLength(1);
  });

  it('leaves a reranker alone, which has two rows instead of an output', () => {
    const reranker = { name: 'cls.output.weight', dimensions: [256, 2], typeNumber: 0, offset: 0 };
    expect(compareTensors(header([reranker]), planOf())).toEqual([]);
  });
});

describe('compareMetadata', () => {
  const sound = {
    'general.architecture': 'llama',
    'llama.block_count': 2,
    'llama.embedding_length': 256n,
    'llama.attention.head_count': 4,
    'llama.attention.head_count_kv': 2,
    'llama.rope.freq_base': Math.fround(500_000),
    'llama.attention.layer_norm_rms_epsilon': Math.fround(1e-5),
  };
  const compare = (metadata: Record<string, GgufValue>, changes = {}) =>
    compareMetadata(header([], metadata), 'llama', { ...config, ...changes });

  it('finds nothing where both say the same, or one says nothing', () => {
    expect(compare(sound)).toEqual([]);
    expect(compare({ 'general.architecture': 'llama' })).toEqual([]);
    expect(compare({ ...sound, 'llama.expert_count': 8 })).toEqual([]);
  });

  it.each([
    ['block_count', 'num_hidden_layers', 3],
    ['embedding_length', 'hidden_size', 512],
    ['attention.head_count', 'num_attention_heads', 8],
    ['attention.head_count_kv', 'num_key_value_heads', 4],
    ['rope.freq_base', 'rope_theta', 10_000],
    ['attention.layer_norm_rms_epsilon', 'rms_norm_eps', 1e-6],
  ])('names %s when config.json has another %s', (key, field, value) => {
    const problems = compare(sound, { [field]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`GGUF's ${key} is`);
    expect(problems[0]).toContain(`config.json says ${field} = ${value}`);
  });

  it('takes the rope base from the new section first', () => {
    expect(compare(sound, { rope_theta: 1, rope_parameters: { rope_theta: 500_000 } })).toEqual([]);
  });

  it('stops at another architecture, whose numbers would mean nothing', () => {
    expect(compare({ ...sound, 'general.architecture': 'phi3' })).toEqual([
      'The GGUF says it is "phi3", but this checkpoint makes a llama.',
    ]);
  });
});
