import type { ModelFactName } from '../../domain/model-check';
import type { ConfigObject } from '../config-reader';

/** The dimensions of a model that its tensors' shapes prove, by the names of the facts. */
export type Dimensions = Readonly<Partial<Record<ModelFactName, number>>>;

/** One published model: what its shapes are, and what its config.json says where shapes are silent. */
export interface BaseModel {
  /** Hub id. */
  readonly model: string;
  /** The `architectures` entry and the `model_type` of its config.json. */
  readonly architecture: string;
  readonly modelType: string;
  readonly dimensions: Dimensions;
  /**
   * Tokens in use, where the embedding has padding rows behind them: tools that resize an embedding to its tokenizer
   * leave as few rows as this, or a few more.
   */
  readonly tokens?: number;
  /**
   * Fields of config.json, by its own keys, that shapes leave open. A field that no source names is not here, and then
   * nothing is said about it.
   */
  readonly config: ConfigObject;
  /** Where the numbers were read. */
  readonly source: string;
}

/** The packages that most rows were read from, at these versions. */
export const LITGPT = 'litgpt 0.5.13: litgpt/config.py';
export const TORCHTUNE = 'torchtune 0.6.1: torchtune/models/*/_model_builders.py';
export const TRANSFORMERS = 'transformers 4.57.6: defaults of the configuration class';

/** The dimensions of a decoder; rows of the embedding, not tokens, are what `vocabSize` counts. */
export function decoder(
  numHiddenLayers: number,
  hiddenSize: number,
  vocabSize: number,
  intermediateSize: number,
  numAttentionHeads: number,
  numKeyValueHeads: number = numAttentionHeads,
  headDim: number = hiddenSize / numAttentionHeads,
): Dimensions {
  return { numHiddenLayers, hiddenSize, vocabSize, intermediateSize, numAttentionHeads, numKeyValueHeads, headDim };
}

/** Llama 3.1 and later stretch their rotary positions like this; `factor` is 8, or 32 for the small 3.2 models. */
export function llama3Scaling(factor: number): ConfigObject {
  return {
    rope_type: 'llama3',
    factor,
    low_freq_factor: 1,
    high_freq_factor: 4,
    original_max_position_embeddings: 8192,
  };
}
