import { type BaseModel, type Dimensions, decoder, LITGPT, TRANSFORMERS } from './base-model';

function falcon3(model: string, dimensions: Dimensions, maxPositions: number): BaseModel {
  return {
    model,
    architecture: 'LlamaForCausalLM',
    modelType: 'llama',
    dimensions,
    config: { rope_theta: 1_000_042, rope_scaling: null, max_position_embeddings: maxPositions, rms_norm_eps: 1e-6 },
    source: LITGPT,
  };
}

/** Falcon 1 fuses its projections; `new_decoder_architecture` says in which order. */
function falcon(model: string, dimensions: Dimensions, config: BaseModel['config']): BaseModel {
  return {
    model,
    architecture: 'FalconForCausalLM',
    modelType: 'falcon',
    dimensions,
    config: { ...config, parallel_attn: true, bias: false, layer_norm_epsilon: 1e-5 },
    source: LITGPT,
  };
}

function stableLm(model: string, maxPositions: number): BaseModel {
  return {
    model,
    architecture: 'StableLmForCausalLM',
    modelType: 'stablelm',
    dimensions: decoder(32, 2560, 50_304, 6912, 32),
    tokens: 50_254,
    config: {
      partial_rotary_factor: 0.25,
      rope_theta: 10_000,
      max_position_embeddings: maxPositions,
      layer_norm_eps: 1e-5,
    },
    source: LITGPT,
  };
}

/** Four experts for each token; sliding and full attention alternate. */
function gptOss(model: string, numHiddenLayers: number, numExperts: number, source: string): BaseModel {
  return {
    model,
    architecture: 'GptOssForCausalLM',
    modelType: 'gpt_oss',
    dimensions: { ...decoder(numHiddenLayers, 2880, 201_088, 2880, 64, 8, 64), numExperts },
    config: {
      rope_theta: 150_000,
      rope_scaling: {
        rope_type: 'yarn',
        factor: 32,
        beta_fast: 32,
        beta_slow: 1,
        truncate: false,
        original_max_position_embeddings: 4096,
      },
      max_position_embeddings: 131_072,
      rms_norm_eps: 1e-5,
      sliding_window: 128,
      num_experts_per_tok: 4,
    },
    source,
  };
}

/** Latent attention: heads have no projection of their own size, so head_dim and key/value heads are no dimension. */
function deepseek(model: string, modelType: string, dimensions: Dimensions, source: string): BaseModel {
  const architecture = modelType === 'deepseek_v3' ? 'DeepseekV3ForCausalLM' : 'DeepseekV2ForCausalLM';
  return {
    model,
    architecture,
    modelType,
    dimensions: { kvLoraRank: 512, ...dimensions },
    config: { qk_nope_head_dim: 128, qk_rope_head_dim: 64, v_head_dim: 128 },
    source,
  };
}

const V2_SOURCE = 'AMD-AGI/Primus: configs/models/megatron, made from the config.json; vocabulary from the model code';

export const OTHER_MODELS: readonly BaseModel[] = [
  falcon3('tiiuae/Falcon3-1B-Base', decoder(18, 2048, 131_072, 8192, 8, 4, 256), 4096),
  falcon3('tiiuae/Falcon3-3B-Base', decoder(22, 3072, 131_072, 9216, 12, 4, 256), 32_768),
  falcon3('tiiuae/Falcon3-7B-Base', decoder(28, 3072, 131_072, 23_040, 12, 4, 256), 32_768),
  falcon3('tiiuae/Falcon3-10B-Base', decoder(40, 3072, 131_072, 23_040, 12, 4, 256), 32_768),
  falcon('tiiuae/falcon-7b', decoder(32, 4544, 65_024, 18_176, 71, 1), {
    multi_query: true,
    new_decoder_architecture: false,
  }),
  falcon('tiiuae/falcon-40b', decoder(60, 8192, 65_024, 32_768, 128, 8), {
    num_kv_heads: 8,
    new_decoder_architecture: true,
  }),
  falcon('tiiuae/falcon-180B', decoder(80, 14_848, 65_024, 59_392, 232, 8), {
    num_kv_heads: 8,
    new_decoder_architecture: true,
  }),
  stableLm('stabilityai/stablelm-3b-4e1t', 4096),
  stableLm('stabilityai/stable-code-3b', 16_384),
  {
    model: 'CohereLabs/c4ai-command-r-v01',
    architecture: 'CohereForCausalLM',
    modelType: 'cohere',
    dimensions: decoder(40, 8192, 256_000, 22_528, 64),
    // Theta and length of the release differ from the class defaults, so both stay open.
    config: { layer_norm_eps: 1e-5 },
    source: TRANSFORMERS,
  },
  gptOss('openai/gpt-oss-20b', 24, 32, 'EchoCog/gpt-oss-20b: docs/gpt-oss-20b-architecture.md, from the config.json'),
  gptOss('openai/gpt-oss-120b', 36, 128, TRANSFORMERS),
  deepseek(
    'deepseek-ai/DeepSeek-V2-Lite',
    'deepseek_v2',
    {
      numHiddenLayers: 27,
      hiddenSize: 2048,
      vocabSize: 102_400,
      intermediateSize: 10_944,
      moeIntermediateSize: 1408,
      numExperts: 64,
    },
    V2_SOURCE,
  ),
  deepseek(
    'deepseek-ai/DeepSeek-V2',
    'deepseek_v2',
    {
      numHiddenLayers: 60,
      hiddenSize: 5120,
      vocabSize: 102_400,
      intermediateSize: 12_288,
      moeIntermediateSize: 1536,
      numExperts: 160,
      qLoraRank: 1536,
    },
    V2_SOURCE,
  ),
  deepseek(
    'deepseek-ai/DeepSeek-V3',
    'deepseek_v3',
    {
      numHiddenLayers: 61,
      hiddenSize: 7168,
      vocabSize: 129_280,
      intermediateSize: 18_432,
      moeIntermediateSize: 2048,
      numExperts: 256,
      qLoraRank: 1536,
    },
    TRANSFORMERS,
  ),
  {
    model: 'zai-org/glm-4-9b-chat-hf',
    architecture: 'GlmForCausalLM',
    modelType: 'glm',
    dimensions: decoder(40, 4096, 151_552, 13_696, 32, 2, 128),
    config: { partial_rotary_factor: 0.5, rms_norm_eps: 1.5625e-7 },
    source: TRANSFORMERS,
  },
];
