import { type BaseModel, type Dimensions, decoder, LITGPT } from './base-model';

/** Phi-3 and Phi-4. `theta` and `maxPositions` are all that tells some of them apart. */
function phi3(model: string, dimensions: Dimensions, config: BaseModel['config'], source = LITGPT): BaseModel {
  return {
    model,
    architecture: 'Phi3ForCausalLM',
    modelType: 'phi3',
    dimensions,
    config: { rms_norm_eps: 1e-5, ...config },
    source,
  };
}

function phi(model: string, dimensions: Dimensions, partialRotaryFactor: number): BaseModel {
  return {
    model,
    architecture: 'PhiForCausalLM',
    modelType: 'phi',
    dimensions,
    config: {
      rope_theta: 10_000,
      partial_rotary_factor: partialRotaryFactor,
      max_position_embeddings: 2048,
      layer_norm_eps: 1e-5,
    },
    source: LITGPT,
  };
}

const PHI4 = decoder(40, 5120, 100_352, 17_920, 40, 10);
const PHI3_MINI = decoder(32, 3072, 32_064, 8192, 32);
const PHI4_MINI = decoder(32, 3072, 200_064, 8192, 24, 8);
const PHI4_SOURCE = `${LITGPT}; torchtune 0.6.1: phi4; config.json of the model, as stored in public code`;
const PHI4_CONFIG = {
  rope_theta: 250_000,
  rope_scaling: null,
  max_position_embeddings: 16_384,
  sliding_window: null,
};
const PHI4_REASONING = {
  rope_theta: 500_000,
  rope_scaling: null,
  max_position_embeddings: 32_768,
  sliding_window: null,
};

export const MICROSOFT_MODELS: readonly BaseModel[] = [
  phi3('microsoft/phi-4', PHI4, { ...PHI4_CONFIG, original_max_position_embeddings: 16_384 }, PHI4_SOURCE),
  phi3('microsoft/Phi-4-reasoning', PHI4, PHI4_REASONING),
  phi3('microsoft/Phi-4-reasoning-plus', PHI4, PHI4_REASONING),
  // The same weights with the fused projections split, and many fine-tunes of that.
  {
    model: 'unsloth/phi-4',
    architecture: 'LlamaForCausalLM',
    modelType: 'llama',
    dimensions: PHI4,
    config: { rope_theta: 250_000, rope_scaling: null, max_position_embeddings: 16_384, rms_norm_eps: 1e-5 },
    source: 'config.json of the model, as stored in public code',
  },
  // Longrope's factors are long lists that this table does not hold, so the scaling of the long ones stays open.
  phi3('microsoft/Phi-3-mini-4k-instruct', PHI3_MINI, {
    rope_theta: 10_000,
    rope_scaling: null,
    max_position_embeddings: 4096,
    original_max_position_embeddings: 4096,
  }),
  phi3('microsoft/Phi-3-mini-128k-instruct', PHI3_MINI, {
    rope_theta: 10_000,
    max_position_embeddings: 131_072,
    original_max_position_embeddings: 4096,
  }),
  phi3('microsoft/Phi-3.5-mini-instruct', PHI3_MINI, { rope_theta: 10_000, original_max_position_embeddings: 4096 }),
  phi3(
    'microsoft/Phi-3-medium-4k-instruct',
    decoder(40, 5120, 32_064, 17_920, 40, 10),
    { rope_theta: 10_000, rope_scaling: null, sliding_window: 2047 },
    'config.json of the model, as stored in public code',
  ),
  phi3('microsoft/Phi-4-mini-instruct', PHI4_MINI, {
    rope_theta: 10_000,
    partial_rotary_factor: 0.75,
    max_position_embeddings: 131_072,
    original_max_position_embeddings: 4096,
  }),
  phi('microsoft/phi-1_5', decoder(24, 2048, 51_200, 8192, 32), 0.5),
  phi('microsoft/phi-2', decoder(32, 2560, 51_200, 10_240, 32), 0.4),
];
