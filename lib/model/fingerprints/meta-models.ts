import { type BaseModel, type Dimensions, decoder, LITGPT, llama3Scaling } from './base-model';

function llama(model: string, dimensions: Dimensions, config: BaseModel['config'], source = LITGPT): BaseModel {
  return { model, architecture: 'LlamaForCausalLM', modelType: 'llama', dimensions, config, source };
}

/** Llama 2 and the models of its time; scaling did not exist yet. */
function llama2(model: string, dimensions: Dimensions, maxPositions: number, eps = 1e-5): BaseModel {
  return llama(model, dimensions, {
    rope_theta: 10_000,
    rope_scaling: null,
    max_position_embeddings: maxPositions,
    rms_norm_eps: eps,
  });
}

function codeLlama(model: string, dimensions: Dimensions): BaseModel {
  return llama(model, dimensions, {
    rope_theta: 1_000_000,
    rope_scaling: null,
    max_position_embeddings: 16_384,
    rms_norm_eps: 1e-5,
  });
}

/** `scaling` null: Llama 3.0, which has 8192 positions and no scaling. */
function llama3(model: string, dimensions: Dimensions, scaling: number | null): BaseModel {
  const config = {
    rope_theta: 500_000,
    rope_scaling: scaling === null ? null : llama3Scaling(scaling),
    max_position_embeddings: scaling === null ? 8192 : 131_072,
    rms_norm_eps: 1e-5,
  };
  return { ...llama(model, dimensions, config), tokens: 128_000 };
}

const LLAMA_7B = decoder(32, 4096, 32_000, 11_008, 32);
const LLAMA_13B = decoder(40, 5120, 32_000, 13_824, 40);
const LLAMA3_8B = decoder(32, 4096, 128_256, 14_336, 32, 8);
const LLAMA3_70B = decoder(80, 8192, 128_256, 28_672, 64, 8);

/** Llama of all generations, and what was trained from nothing in the same shapes. */
export const META_MODELS: readonly BaseModel[] = [
  llama2('meta-llama/Llama-2-7b-hf', LLAMA_7B, 4096),
  llama2('meta-llama/Llama-2-13b-hf', LLAMA_13B, 4096),
  llama2('meta-llama/Llama-2-70b-hf', decoder(80, 8192, 32_000, 28_672, 64, 8), 4096),
  llama2('openlm-research/open_llama_3b', decoder(26, 3200, 32_000, 8640, 32), 2048, 1e-6),
  llama2('openlm-research/open_llama_7b', LLAMA_7B, 2048, 1e-6),
  llama2('openlm-research/open_llama_13b', LLAMA_13B, 2048, 1e-6),
  llama2('TinyLlama/TinyLlama-1.1B-Chat-v1.0', decoder(22, 2048, 32_000, 5632, 32, 4), 2048),
  llama2('keeeeenw/MicroLlama', decoder(12, 1024, 32_000, 5632, 16, 4), 2048),
  llama2('BSC-LT/salamandra-2b', decoder(24, 2048, 256_000, 5440, 16), 8192),
  llama2('BSC-LT/salamandra-7b', decoder(32, 4096, 256_000, 11_008, 32, 8), 8192, 1e-6),
  codeLlama('codellama/CodeLlama-7b-hf', decoder(32, 4096, 32_016, 11_008, 32)),
  codeLlama('codellama/CodeLlama-7b-Python-hf', LLAMA_7B),
  codeLlama('codellama/CodeLlama-13b-hf', decoder(40, 5120, 32_016, 13_824, 40)),
  codeLlama('codellama/CodeLlama-13b-Python-hf', LLAMA_13B),
  codeLlama('codellama/CodeLlama-34b-hf', decoder(48, 8192, 32_000, 22_016, 64, 8)),
  codeLlama('codellama/CodeLlama-70b-hf', decoder(80, 8192, 32_016, 28_672, 64, 8)),
  llama3('meta-llama/Meta-Llama-3-8B', LLAMA3_8B, null),
  llama3('meta-llama/Llama-3.1-8B', LLAMA3_8B, 8),
  llama3('meta-llama/Meta-Llama-3-70B', LLAMA3_70B, null),
  llama3('meta-llama/Llama-3.1-70B', LLAMA3_70B, 8),
  llama3('meta-llama/Llama-3.3-70B-Instruct', LLAMA3_70B, 8),
  llama3('meta-llama/Llama-3.1-405B', decoder(126, 16_384, 128_256, 53_248, 128, 8), 8),
  llama3('meta-llama/Llama-3.2-1B', decoder(16, 2048, 128_256, 8192, 32, 8), 32),
  llama3('meta-llama/Llama-3.2-3B', decoder(28, 3072, 128_256, 8192, 24, 8), 32),
];
