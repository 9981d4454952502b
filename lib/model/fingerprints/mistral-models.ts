import { type BaseModel, type Dimensions, decoder, LITGPT } from './base-model';

interface MistralConfig {
  readonly theta: number;
  readonly maxPositions?: number;
  /** Null: none. Left out: not known. */
  readonly slidingWindow?: number | null;
}

function mistral(model: string, dimensions: Dimensions, config: MistralConfig, source = LITGPT): BaseModel {
  return {
    model,
    architecture: 'MistralForCausalLM',
    modelType: 'mistral',
    dimensions,
    config: {
      rope_theta: config.theta,
      rope_scaling: null,
      ...(config.maxPositions === undefined ? {} : { max_position_embeddings: config.maxPositions }),
      rms_norm_eps: 1e-5,
      ...(config.slidingWindow === undefined ? {} : { sliding_window: config.slidingWindow }),
    },
    source,
  };
}

/** Two of eight experts for each token; the experts' size is written as `intermediate_size`. */
function mixtral(model: string, dimensions: Dimensions, maxPositions: number): BaseModel {
  const base = mistral(
    model,
    { ...dimensions, numExperts: 8 },
    { theta: 1_000_000, maxPositions, slidingWindow: null },
  );
  return {
    ...base,
    architecture: 'MixtralForCausalLM',
    modelType: 'mixtral',
    config: { ...base.config, num_experts_per_tok: 2 },
  };
}

const MISTRAL_7B = decoder(32, 4096, 32_000, 14_336, 32, 8);
const MISTRAL_7B_V3 = decoder(32, 4096, 32_768, 14_336, 32, 8);
const LARGE = decoder(88, 12_288, 32_768, 28_672, 96, 8);
const LATER = { theta: 1_000_000, maxPositions: 32_768, slidingWindow: null };
const NEMO_SOURCE =
  'config.json printed in kevinstephano/thunder_model_blocks: thunder_model_blocks/mistral/mistral_config.py';
const SMALL_SOURCE = 'config.json of the model, as stored in public code';
const LATER_SMALL_SOURCE = 'params.json of a later release of Mistral Small, as stored in public code';

/** Mistral and Mixtral. Head size 128 everywhere, also where hidden size / heads is 160. */
export const MISTRAL_MODELS: readonly BaseModel[] = [
  // Its positions: 32768 in torchtune, 4096 (the window) in litgpt.
  mistral('mistralai/Mistral-7B-v0.1', MISTRAL_7B, { theta: 10_000, maxPositions: 32_768, slidingWindow: 4096 }),
  mistral('mistralai/Mistral-7B-Instruct-v0.2', MISTRAL_7B, LATER),
  mistral('mistralai/Mistral-7B-v0.3', MISTRAL_7B_V3, LATER),
  mistral('mistralai/Mathstral-7B-v0.1', MISTRAL_7B_V3, { theta: 1_000_000, maxPositions: 32_768 }),
  mistral('mistralai/Mistral-Large-Instruct-2407', LARGE, { theta: 1_000_000, slidingWindow: null }),
  mistral('mistralai/Mistral-Large-Instruct-2411', LARGE, { theta: 1_000_000, slidingWindow: null }),
  mistral(
    'mistralai/Mistral-Nemo-Base-2407',
    decoder(40, 5120, 131_072, 14_336, 32, 8, 128),
    { theta: 1_000_000, maxPositions: 128_000, slidingWindow: null },
    NEMO_SOURCE,
  ),
  mistral(
    'mistralai/Mistral-Small-24B-Base-2501',
    decoder(40, 5120, 131_072, 32_768, 32, 8, 128),
    { theta: 100_000_000, maxPositions: 32_768 },
    SMALL_SOURCE,
  ),
  // The 3.1 and 3.2 releases of the same shapes were seen with another theta.
  mistral(
    'mistralai/Mistral-Small-3.1-24B-Base-2503',
    decoder(40, 5120, 131_072, 32_768, 32, 8, 128),
    { theta: 1_000_000_000 },
    LATER_SMALL_SOURCE,
  ),
  mixtral('mistralai/Mixtral-8x7B-v0.1', MISTRAL_7B, 32_768),
  mixtral('mistralai/Mixtral-8x22B-v0.1', decoder(56, 6144, 32_768, 16_384, 48, 8), 65_536),
];
