import { type BaseModel, type Dimensions, decoder, LITGPT, TORCHTUNE, TRANSFORMERS } from './base-model';

/** `eps` is 1e-6 in torchtune and in transformers' classes; litgpt's table leaves its own default there. */
function gemma(model: string, dimensions: Dimensions): BaseModel {
  return {
    model,
    architecture: 'GemmaForCausalLM',
    modelType: 'gemma',
    dimensions,
    config: { rope_theta: 10_000, max_position_embeddings: 8192, rms_norm_eps: 1e-6 },
    source: TORCHTUNE,
  };
}

function gemma2(model: string, dimensions: Dimensions, queryScalar: number): BaseModel {
  return {
    model,
    architecture: 'Gemma2ForCausalLM',
    modelType: 'gemma2',
    dimensions,
    config: {
      rope_theta: 10_000,
      max_position_embeddings: 8192,
      rms_norm_eps: 1e-6,
      sliding_window: 4096,
      attn_logit_softcapping: 50,
      final_logit_softcapping: 30,
      query_pre_attn_scalar: queryScalar,
    },
    source: `${TORCHTUNE}; ${LITGPT}`,
  };
}

/** `isVision`: the larger ones have a vision tower, and scale their global positions by 8. */
function gemma3(
  model: string,
  dimensions: Dimensions,
  slidingWindow: number,
  queryScalar: number,
  isVision = true,
): BaseModel {
  return {
    model,
    architecture: isVision ? 'Gemma3ForConditionalGeneration' : 'Gemma3ForCausalLM',
    modelType: isVision ? 'gemma3' : 'gemma3_text',
    dimensions,
    config: {
      rope_theta: 1_000_000,
      rope_local_base_freq: 10_000,
      rope_scaling: isVision ? { rope_type: 'linear', factor: 8 } : null,
      rms_norm_eps: 1e-6,
      sliding_window: slidingWindow,
      query_pre_attn_scalar: queryScalar,
    },
    source: `${LITGPT}; eps from ${TRANSFORMERS}`,
  };
}

export const GOOGLE_MODELS: readonly BaseModel[] = [
  gemma('google/gemma-2b', decoder(18, 2048, 256_000, 16_384, 8, 1, 256)),
  gemma('google/gemma-7b', decoder(28, 3072, 256_000, 24_576, 16, 16, 256)),
  gemma2('google/gemma-2-2b', decoder(26, 2304, 256_000, 9216, 8, 4, 256), 256),
  gemma2('google/gemma-2-9b', decoder(42, 3584, 256_000, 14_336, 16, 8, 256), 256),
  gemma2('google/gemma-2-27b', decoder(46, 4608, 256_000, 36_864, 32, 16, 128), 144),
  gemma3('google/gemma-3-1b-it', decoder(26, 1152, 262_144, 6912, 4, 1, 256), 512, 256, false),
  // Files of the multimodal releases have 64 rows more.
  gemma3('google/gemma-3-4b-it', decoder(34, 2560, 262_144, 10_240, 8, 4, 256), 1024, 256),
  gemma3('google/gemma-3-12b-it', decoder(48, 3840, 262_144, 15_360, 16, 8, 256), 1024, 256),
  gemma3('google/gemma-3-27b-it', decoder(62, 5376, 262_144, 21_504, 32, 16, 128), 1024, 168),
];
