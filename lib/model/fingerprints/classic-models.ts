import { type BaseModel, decoder, TRANSFORMERS } from './base-model';

interface Learned {
  readonly positions: number;
  readonly tokenTypes?: number;
}

/** A base-size model with a table of learned positions: its length is a dimension like any other. */
function learned(
  model: string,
  architecture: string,
  modelType: string,
  vocabSize: number,
  { positions, tokenTypes }: Learned,
  config: BaseModel['config'],
): BaseModel {
  return {
    model,
    architecture,
    modelType,
    dimensions: {
      ...decoder(12, 768, vocabSize, 3072, 12),
      maxPositionEmbeddings: positions,
      ...(tokenTypes === undefined ? {} : { typeVocabSize: tokenTypes }),
    },
    config,
    source: TRANSFORMERS,
  };
}

/** Models from before rotary positions, at their base size. */
export const CLASSIC_MODELS: readonly BaseModel[] = [
  learned(
    'openai-community/gpt2',
    'GPT2LMHeadModel',
    'gpt2',
    50_257,
    { positions: 1024 },
    { layer_norm_epsilon: 1e-5 },
  ),
  learned(
    'google-bert/bert-base-uncased',
    'BertForMaskedLM',
    'bert',
    30_522,
    { positions: 512, tokenTypes: 2 },
    { layer_norm_eps: 1e-12 },
  ),
];
