import { type BaseModel, type Dimensions, decoder, LITGPT, TRANSFORMERS } from './base-model';

function smolLm2(model: string, dimensions: Dimensions, theta: number): BaseModel {
  return {
    model,
    architecture: 'LlamaForCausalLM',
    modelType: 'llama',
    dimensions,
    config: { rope_theta: theta, rope_scaling: null, max_position_embeddings: 8192, rms_norm_eps: 1e-5 },
    source: LITGPT,
  };
}

/** OLMo 1 has norms without weights; its eps is fixed in the code, not in config.json. */
function olmo(model: string, dimensions: Dimensions): BaseModel {
  return {
    model,
    architecture: 'OlmoForCausalLM',
    modelType: 'olmo',
    dimensions,
    tokens: 50_280,
    config: { rope_theta: 10_000, max_position_embeddings: 2048 },
    source: LITGPT,
  };
}

function olmo2(model: string, dimensions: Dimensions): BaseModel {
  return {
    model,
    architecture: 'Olmo2ForCausalLM',
    modelType: 'olmo2',
    dimensions,
    tokens: 100_278,
    config: { rope_theta: 500_000, rope_scaling: null, max_position_embeddings: 4096, rms_norm_eps: 1e-6 },
    source: LITGPT,
  };
}

function pythia(size: string, dimensions: Dimensions, maxPositions = 2048): BaseModel {
  return {
    model: `EleutherAI/pythia-${size}`,
    architecture: 'GPTNeoXForCausalLM',
    modelType: 'gpt_neox',
    dimensions,
    tokens: 50_254,
    config: {
      rotary_emb_base: 10_000,
      rotary_pct: 0.25,
      max_position_embeddings: maxPositions,
      layer_norm_eps: 1e-5,
      use_parallel_residual: true,
    },
    source: LITGPT,
  };
}

/** Models whose makers published how they were made: Hugging Face, Ai2, EleutherAI, BigCode. */
export const OPEN_SCIENCE_MODELS: readonly BaseModel[] = [
  smolLm2('HuggingFaceTB/SmolLM2-135M', decoder(30, 576, 49_152, 1536, 9, 3), 100_000),
  smolLm2('HuggingFaceTB/SmolLM2-360M', decoder(32, 960, 49_152, 2560, 15, 5), 100_000),
  smolLm2('HuggingFaceTB/SmolLM2-1.7B', decoder(24, 2048, 49_152, 8192, 32), 130_000),
  {
    model: 'HuggingFaceTB/SmolLM3-3B',
    architecture: 'SmolLM3ForCausalLM',
    modelType: 'smollm3',
    dimensions: decoder(36, 2048, 128_256, 11_008, 16, 4),
    // The releases differ in theta and length from the class defaults, so both stay open.
    config: { rms_norm_eps: 1e-6 },
    source: TRANSFORMERS,
  },
  olmo('allenai/OLMo-1B-hf', decoder(16, 2048, 50_304, 8192, 16)),
  olmo('allenai/OLMo-7B-hf', decoder(32, 4096, 50_304, 11_008, 32)),
  olmo2('allenai/OLMo-2-1124-7B', decoder(32, 4096, 100_352, 11_008, 32)),
  olmo2('allenai/OLMo-2-1124-13B', decoder(40, 5120, 100_352, 13_824, 40)),
  pythia('14m', decoder(6, 128, 50_304, 512, 4), 512),
  pythia('31m', decoder(6, 256, 50_304, 1024, 8), 1024),
  pythia('70m', decoder(6, 512, 50_304, 2048, 8)),
  pythia('160m', decoder(12, 768, 50_304, 3072, 12)),
  pythia('410m', decoder(24, 1024, 50_304, 4096, 16)),
  pythia('1b', decoder(16, 2048, 50_304, 8192, 8)),
  pythia('1.4b', decoder(24, 2048, 50_304, 8192, 16)),
  pythia('2.8b', decoder(32, 2560, 50_304, 10_240, 32)),
  pythia('6.9b', decoder(32, 4096, 50_432, 16_384, 32)),
  pythia('12b', decoder(36, 5120, 50_688, 20_480, 40)),
  {
    model: 'EleutherAI/gpt-neox-20b',
    architecture: 'GPTNeoXForCausalLM',
    modelType: 'gpt_neox',
    dimensions: decoder(44, 6144, 50_432, 24_576, 64),
    config: {
      rotary_emb_base: 10_000,
      rotary_pct: 0.25,
      max_position_embeddings: 2048,
      layer_norm_eps: 1e-5,
      use_parallel_residual: true,
    },
    source: TRANSFORMERS,
  },
  {
    model: 'bigcode/starcoder2-3b',
    architecture: 'Starcoder2ForCausalLM',
    modelType: 'starcoder2',
    dimensions: decoder(30, 3072, 49_152, 12_288, 24, 2),
    config: { norm_epsilon: 1e-5 },
    // The class's documentation names the 7b, but these numbers make 3.03 billion parameters.
    source: TRANSFORMERS,
  },
];
