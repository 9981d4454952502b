import type { TensorChange } from './gguf-tensor-changes';
import type { TensorNames } from './gguf-tensor-names';

/** How one class of llama.cpp's `conversion/` package (v0.5.0) names and rearranges tensors. */
export interface GgufLineage {
  /** `general.architecture` of the GGUF. */
  readonly architecture: string;
  /** Entries of config.json's `architectures` that this class takes. */
  readonly classes: readonly string[];
  /** What comes before a layer's number, after `strips`. */
  readonly layers: string;
  readonly whole: TensorNames;
  readonly perLayer: TensorNames;
  /** Beginnings taken off every name. */
  readonly strips?: readonly string[];
  /** By name within the layer, or by whole name outside, with its suffix. */
  readonly changes?: ReadonlyMap<string, TensorChange>;
  /** Whole names that begin like this are left out. */
  readonly leavesOut?: readonly string[];
  readonly leavesOutBiases?: boolean;
  /** `true`: layers behind `num_hidden_layers`, which only predict further tokens, are left out. */
  readonly leavesOutExtraLayers?: boolean;
  /** `true`: lm_head is left out when config.json ties it to the embedding. */
  readonly leavesOutTiedOutput?: boolean;
  /** Generated from rope settings: one tensor of Llama 3.1's factors, or Phi-3's long and short ones. */
  readonly rope?: 'llama3' | 'longrope';
  /** Embedding rows that no token has are cut off. */
  readonly trimsVocabulary?: boolean;
}
