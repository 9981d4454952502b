import type { ConfigObject } from '../../lib/model/config-reader';

export interface TestTensor {
  readonly name: string;
  readonly shape: readonly number[];
}

export const phi4Config: ConfigObject = {
  architectures: ['Phi3ForCausalLM'],
  model_type: 'phi3',
  num_hidden_layers: 40,
  hidden_size: 5120,
  intermediate_size: 17_920,
  num_attention_heads: 40,
  num_key_value_heads: 10,
  vocab_size: 100_352,
  max_position_embeddings: 16_384,
  rms_norm_eps: 1e-5,
  rope_theta: 250_000,
};

/** Phi-4's tensors, as published. */
export function phi4Tensors(): TestTensor[] {
  const tensors: TestTensor[] = [
    { name: 'model.embed_tokens.weight', shape: [100_352, 5120] },
    { name: 'model.norm.weight', shape: [5120] },
    { name: 'lm_head.weight', shape: [100_352, 5120] },
  ];
  for (let layer = 0; layer < 40; layer += 1) {
    const add = (part: string, ...shape: number[]) =>
      tensors.push({ name: `model.layers.${layer}.${part}.weight`, shape });
    add('input_layernorm', 5120);
    add('post_attention_layernorm', 5120);
    add('self_attn.qkv_proj', 7680, 5120);
    add('self_attn.o_proj', 5120, 5120);
    add('mlp.gate_up_proj', 35_840, 5120);
    add('mlp.down_proj', 5120, 17_920);
  }
  return tensors;
}

/** Llama 3 70B's tensors. */
export function llama70bTensors(): TestTensor[] {
  const sizes = { hidden: 8192, keys: 1024, feedForward: 28_672, vocabulary: 128_256, layers: 80 };
  return [...decoderTensors(sizes), { name: 'lm_head.weight', shape: [128_256, 8192] }];
}

/** A small Llama, each two of whose heads share a key. */
export function llamaTensors({ hidden = 256, layers = 2 } = {}): TestTensor[] {
  return decoderTensors({ hidden, keys: hidden / 2, feedForward: 2 * hidden, vocabulary: 320, layers });
}

interface DecoderSizes {
  readonly hidden: number;
  readonly keys: number;
  readonly feedForward: number;
  readonly vocabulary: number;
  readonly layers: number;
}

function decoderTensors({ hidden, keys, feedForward, vocabulary, layers }: DecoderSizes): TestTensor[] {
  const tensors: TestTensor[] = [
    { name: 'model.embed_tokens.weight', shape: [vocabulary, hidden] },
    { name: 'model.norm.weight', shape: [hidden] },
  ];
  for (let layer = 0; layer < layers; layer += 1) {
    const add = (part: string, ...shape: number[]) =>
      tensors.push({ name: `model.layers.${layer}.${part}.weight`, shape });
    add('input_layernorm', hidden);
    add('post_attention_layernorm', hidden);
    add('self_attn.q_proj', hidden, hidden);
    add('self_attn.k_proj', keys, hidden);
    add('self_attn.v_proj', keys, hidden);
    add('self_attn.o_proj', hidden, hidden);
    add('mlp.gate_proj', feedForward, hidden);
    add('mlp.up_proj', feedForward, hidden);
    add('mlp.down_proj', hidden, feedForward);
  }
  return tensors;
}
