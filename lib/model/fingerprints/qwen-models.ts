import { type BaseModel, type Dimensions, decoder, LITGPT, TORCHTUNE, TRANSFORMERS } from './base-model';

/** Qwen 2 and 2.5; their embeddings are padded behind the 151,643 tokens and the special ones. */
function qwen2(
  model: string,
  dimensions: Dimensions,
  maxPositions: number,
  options: { readonly theta?: number; readonly eps?: number; readonly source?: string } = {},
): BaseModel {
  return {
    model,
    architecture: 'Qwen2ForCausalLM',
    modelType: 'qwen2',
    dimensions,
    tokens: 151_643,
    config: {
      rope_theta: options.theta ?? 1_000_000,
      rope_scaling: null,
      max_position_embeddings: maxPositions,
      rms_norm_eps: options.eps ?? 1e-6,
    },
    source: options.source ?? LITGPT,
  };
}

function qwen3(model: string, dimensions: Dimensions, theta = 1_000_000, maxPositions = 40_960): BaseModel {
  return {
    model,
    architecture: 'Qwen3ForCausalLM',
    modelType: 'qwen3',
    dimensions,
    tokens: 151_643,
    config: {
      rope_theta: theta,
      rope_scaling: null,
      max_position_embeddings: maxPositions,
      rms_norm_eps: 1e-6,
    },
    source: LITGPT,
  };
}

/** Eight of 128 experts for each token; the dense feed-forward size in config.json belongs to no tensor. */
function qwen3Moe(
  model: string,
  dimensions: Dimensions,
  moeIntermediateSize: number,
  theta = 1_000_000,
  maxPositions = 40_960,
): BaseModel {
  const { intermediateSize, ...rest } = dimensions;
  const base = qwen3(model, { ...rest, moeIntermediateSize, numExperts: 128 }, theta, maxPositions);
  return {
    ...base,
    architecture: 'Qwen3MoeForCausalLM',
    modelType: 'qwen3_moe',
    config: { ...base.config, intermediate_size: intermediateSize, num_experts_per_tok: 8 },
  };
}

const HALF = decoder(24, 896, 151_936, 4864, 14, 2);
const ONE_AND_HALF = decoder(28, 1536, 151_936, 8960, 12, 2);
const SEVEN = decoder(28, 3584, 152_064, 18_944, 28, 4);
const FOURTEEN = decoder(48, 5120, 152_064, 13_824, 40, 8);
const THIRTY_TWO = decoder(64, 5120, 152_064, 27_648, 40, 8);
const SEVENTY_TWO = decoder(80, 8192, 152_064, 29_568, 64, 8);
const QWEN3_4B = decoder(36, 2560, 151_936, 9728, 32, 8, 128);
const QWEN3_30B = decoder(48, 2048, 151_936, 6144, 32, 4, 128);
const QWEN3_235B = decoder(94, 4096, 151_936, 12_288, 64, 4, 128);
const TUNE = { source: TORCHTUNE };

/** Qwen 2 to 3. Base, Instruct, Math and 1M of one size have the same shapes: only config.json tells them apart. */
export const QWEN_MODELS: readonly BaseModel[] = [
  qwen2('Qwen/Qwen2-0.5B', HALF, 32_768, TUNE),
  qwen2('Qwen/Qwen2-1.5B', ONE_AND_HALF, 32_768, TUNE),
  qwen2('Qwen/Qwen2-7B', SEVEN, 32_768, TUNE),
  qwen2('Qwen/Qwen2.5-0.5B', HALF, 32_768),
  qwen2('Qwen/Qwen2.5-1.5B', ONE_AND_HALF, 131_072),
  qwen2('Qwen/Qwen2.5-1.5B-Instruct', ONE_AND_HALF, 32_768, TUNE),
  qwen2('Qwen/Qwen2.5-Math-1.5B', ONE_AND_HALF, 4096, { theta: 10_000 }),
  qwen2('Qwen/Qwen2.5-3B', decoder(36, 2048, 151_936, 11_008, 16, 2), 32_768),
  qwen2('Qwen/Qwen2.5-7B', SEVEN, 131_072),
  qwen2('Qwen/Qwen2.5-7B-Instruct', SEVEN, 32_768, TUNE),
  qwen2('Qwen/Qwen2.5-Math-7B', SEVEN, 4096, { theta: 10_000 }),
  qwen2('Qwen/Qwen2.5-7B-Instruct-1M', SEVEN, 1_010_000, { theta: 10_000_000, eps: 1e-5 }),
  qwen2('Qwen/Qwen2.5-14B', FOURTEEN, 131_072, { eps: 1e-5 }),
  qwen2('Qwen/Qwen2.5-14B-Instruct', FOURTEEN, 32_768, TUNE),
  qwen2('Qwen/Qwen2.5-14B-Instruct-1M', FOURTEEN, 1_010_000, { theta: 10_000_000, eps: 1e-5 }),
  qwen2('Qwen/Qwen2.5-32B', THIRTY_TWO, 131_072, { eps: 1e-5 }),
  qwen2('Qwen/Qwen2.5-32B-Instruct', THIRTY_TWO, 32_768, TUNE),
  qwen2('Qwen/QwQ-32B', THIRTY_TWO, 131_072, { eps: 1e-5 }),
  qwen2('Qwen/Qwen2.5-72B', SEVENTY_TWO, 131_072, { eps: 1e-5 }),
  qwen2('Qwen/Qwen2.5-72B-Instruct', SEVENTY_TWO, 32_768, TUNE),
  qwen2('Qwen/Qwen2.5-Math-72B', SEVENTY_TWO, 4096, { theta: 10_000, eps: 1e-5 }),
  qwen3('Qwen/Qwen3-0.6B', decoder(28, 1024, 151_936, 3072, 16, 8, 128)),
  qwen3('Qwen/Qwen3-1.7B', decoder(28, 2048, 151_936, 6144, 16, 8, 128)),
  qwen3('Qwen/Qwen3-4B', QWEN3_4B),
  qwen3('Qwen/Qwen3-4B-Instruct-2507', QWEN3_4B, 5_000_000, 262_144),
  qwen3('Qwen/Qwen3-8B', decoder(36, 4096, 151_936, 12_288, 32, 8, 128)),
  qwen3('Qwen/Qwen3-14B', decoder(40, 5120, 151_936, 17_408, 40, 8, 128)),
  qwen3('Qwen/Qwen3-32B', decoder(64, 5120, 151_936, 25_600, 64, 8, 128)),
  qwen3Moe('Qwen/Qwen3-30B-A3B', QWEN3_30B, 768),
  qwen3Moe('Qwen/Qwen3-30B-A3B-Instruct-2507', QWEN3_30B, 768, 10_000_000, 262_144),
  qwen3Moe('Qwen/Qwen3-235B-A22B', QWEN3_235B, 1536),
  qwen3Moe('Qwen/Qwen3-235B-A22B-Instruct-2507', QWEN3_235B, 1536, 5_000_000, 262_144),
  {
    model: 'Qwen/Qwen1.5-MoE-A2.7B',
    architecture: 'Qwen2MoeForCausalLM',
    modelType: 'qwen2_moe',
    dimensions: {
      numHiddenLayers: 24,
      hiddenSize: 2048,
      vocabSize: 151_936,
      moeIntermediateSize: 1408,
      sharedExpertIntermediateSize: 5632,
      numExperts: 60,
      numAttentionHeads: 16,
      numKeyValueHeads: 16,
      headDim: 128,
    },
    tokens: 151_643,
    config: { num_experts_per_tok: 4, rms_norm_eps: 1e-6 },
    source: TRANSFORMERS,
  },
];
