import type { GgufLineage } from './gguf-lineage';
import {
  gptOssGateUp,
  halved,
  latentKeyValue,
  leftOut,
  mxfp4Blocks,
  positionsAfterPadding,
  renamed,
  type TensorChange,
  transposed,
} from './gguf-tensor-changes';
import {
  ATTENTION,
  BERT_LAYER,
  BERT_WHOLE,
  DEEPSEEK,
  DISTILBERT_LAYER,
  EXPERTS,
  FALCON_LAYER,
  FEED_FORWARD,
  FUSED_PROJECTIONS,
  GPT_NEOX_LAYER,
  GPT_OSS,
  GPT2_LAYER,
  GPT2_WHOLE,
  GRANITE_EXPERTS,
  MIXTRAL_EXPERTS,
  names,
  OUTER_NORMS,
  QUERY_KEY_NORMS,
  WHOLE_MODEL,
} from './gguf-tensor-names';

type Options = Omit<GgufLineage, 'architecture' | 'classes' | 'layers' | 'whole' | 'perLayer'>;

/** A decoder named as most are: `model.layers.N.`. */
function decoder(
  architecture: string,
  classes: readonly string[],
  tables: readonly Readonly<Record<string, string>>[],
  options: Options = {},
): GgufLineage {
  return {
    architecture,
    classes,
    layers: 'model.layers.',
    whole: names(WHOLE_MODEL),
    perLayer: names(ATTENTION, FEED_FORWARD, ...tables),
    ...options,
  };
}

const FUSED_EXPERTS = new Map<string, TensorChange>([
  ['mlp.experts.down_proj', renamed('mlp.experts.down_proj.weight')],
  ['mlp.experts.gate_up_proj', halved(2, 'mlp.experts.gate_proj.weight', 'mlp.experts.up_proj.weight')],
]);
const GRANITE_CHANGES = new Map<string, TensorChange>([
  [
    'block_sparse_moe.input_linear.weight',
    halved(2, 'block_sparse_moe.gate_linear.weight', 'block_sparse_moe.up_linear.weight'),
  ],
  ['shared_mlp.input_linear.weight', halved(2, 'shared_mlp.gate_linear.weight', 'shared_mlp.up_linear.weight')],
]);
const GPT_OSS_CHANGES = new Map<string, TensorChange>([
  ['self_attn.sinks', renamed('self_attn.sinks.weight')],
  ['mlp.experts.down_proj', transposed('mlp.experts.down_proj.weight')],
  ['mlp.experts.gate_up_proj', gptOssGateUp],
  ['mlp.experts.down_proj_bias', renamed('mlp.experts.down_proj.bias')],
  ['mlp.experts.gate_up_proj_bias', halved(1, 'mlp.experts.gate_proj.bias', 'mlp.experts.up_proj.bias')],
  ['mlp.experts.down_proj_blocks', mxfp4Blocks('mlp.experts.down_proj.weight')],
  ['mlp.experts.gate_up_proj_blocks', mxfp4Blocks('mlp.experts.gate_proj.weight', 'mlp.experts.up_proj.weight')],
  ['mlp.experts.down_proj_scales', leftOut],
  ['mlp.experts.gate_up_proj_scales', leftOut],
]);
const GPT2_CHANGES = new Map<string, TensorChange>(
  ['attn.c_attn.weight', 'attn.c_proj.weight', 'mlp.c_fc.weight', 'mlp.c_proj.weight'].map((part) => [
    part,
    transposed(part),
  ]),
);
const ROBERTA_CHANGES = new Map<string, TensorChange>([
  ['embeddings.position_embeddings.weight', positionsAfterPadding],
]);
const BERT_HEADS = ['embeddings.position_ids', 'pooler.dense.', 'cls.predictions', 'cls.seq_relationship'];
const PARTIAL_NORMS = { 'self_attn.q_layernorm': 'attn_q_norm', 'self_attn.k_layernorm': 'attn_k_norm' };
const GLM4 = {
  ...FUSED_PROJECTIONS,
  post_self_attn_layernorm: 'post_attention_norm',
  post_mlp_layernorm: 'post_ffw_norm',
};
const PHI2_WHOLE = names(WHOLE_MODEL, { 'model.final_layernorm': 'output_norm' });
const PHI2 = { 'self_attn.dense': 'attn_output', 'mlp.fc1': 'ffn_up', 'mlp.fc2': 'ffn_down' };

const DECODERS: readonly GgufLineage[] = [
  decoder(
    'llama',
    ['LlamaForCausalLM', 'LLaMAForCausalLM', 'MistralForCausalLM', 'MixtralForCausalLM', 'IQuestCoderForCausalLM'],
    [MIXTRAL_EXPERTS],
    { rope: 'llama3' },
  ),
  decoder('smollm3', ['SmolLM3ForCausalLM'], [], { rope: 'llama3' }),
  decoder('arcee', ['ArceeForCausalLM'], [], { rope: 'llama3' }),
  decoder('granite', ['GraniteForCausalLM'], [], { rope: 'llama3' }),
  decoder('granitemoe', ['GraniteMoeForCausalLM'], [GRANITE_EXPERTS], { rope: 'llama3', changes: GRANITE_CHANGES }),
  decoder('qwen2', ['Qwen2ForCausalLM'], []),
  decoder('qwen2moe', ['Qwen2MoeForCausalLM'], [EXPERTS], { changes: FUSED_EXPERTS }),
  decoder('qwen3', ['Qwen3ForCausalLM'], [QUERY_KEY_NORMS]),
  decoder('qwen3moe', ['Qwen3MoeForCausalLM'], [QUERY_KEY_NORMS, EXPERTS], { changes: FUSED_EXPERTS }),
  decoder('olmoe', ['OlmoeForCausalLM'], [QUERY_KEY_NORMS, EXPERTS]),
  decoder('olmo', ['OlmoForCausalLM', 'OLMoForCausalLM'], []),
  decoder('olmo2', ['Olmo2ForCausalLM', 'Olmo3ForCausalLM'], [QUERY_KEY_NORMS, OUTER_NORMS]),
  decoder('exaone4', ['Exaone4ForCausalLM'], [QUERY_KEY_NORMS, OUTER_NORMS], { rope: 'llama3' }),
  decoder('phi3', ['Phi3ForCausalLM'], [FUSED_PROJECTIONS], { rope: 'longrope' }),
  decoder('phimoe', ['PhiMoEForCausalLM', 'PhimoeForCausalLM'], [MIXTRAL_EXPERTS], { rope: 'longrope' }),
  { ...decoder('phi2', ['PhiForCausalLM'], [PHI2]), whole: PHI2_WHOLE },
  decoder('gemma', ['GemmaForCausalLM'], [], { leavesOut: ['lm_head.weight'] }),
  decoder('gemma2', ['Gemma2ForCausalLM'], [OUTER_NORMS], { leavesOut: ['lm_head.weight'] }),
  decoder('gemma3', ['Gemma3ForCausalLM', 'Gemma3ForConditionalGeneration'], [QUERY_KEY_NORMS, OUTER_NORMS], {
    trimsVocabulary: true,
  }),
  decoder('starcoder2', ['Starcoder2ForCausalLM'], [{ 'mlp.c_fc': 'ffn_up', 'mlp.c_proj': 'ffn_down' }]),
  decoder('stablelm', ['StableLmForCausalLM', 'StableLMEpochForCausalLM'], [PARTIAL_NORMS]),
  decoder('command-r', ['CohereForCausalLM'], [QUERY_KEY_NORMS]),
  decoder('cohere2', ['Cohere2ForCausalLM'], [], { leavesOutBiases: true }),
  decoder('deepseek', ['DeepseekForCausalLM'], [EXPERTS, DEEPSEEK]),
  decoder('deepseek2', ['DeepseekV2ForCausalLM', 'DeepseekV3ForCausalLM'], [EXPERTS, DEEPSEEK], {
    changes: new Map([['self_attn.kv_b_proj.weight', latentKeyValue]]),
    leavesOutExtraLayers: true,
    leavesOutTiedOutput: true,
  }),
  decoder('gpt-oss', ['GptOssForCausalLM'], [EXPERTS, GPT_OSS], { changes: GPT_OSS_CHANGES }),
  decoder('nemotron', ['NemotronForCausalLM'], []),
  decoder('ernie4_5', ['Ernie4_5ForCausalLM'], []),
  decoder('seed_oss', ['SeedOssForCausalLM'], [OUTER_NORMS]),
  decoder('glm4', ['Glm4ForCausalLM'], [GLM4]),
];

const OTHERS: readonly GgufLineage[] = [
  {
    architecture: 'gptneox',
    classes: ['GPTNeoXForCausalLM'],
    layers: 'gpt_neox.layers.',
    whole: names({
      'gpt_neox.embed_in': 'token_embd',
      'gpt_neox.final_layer_norm': 'output_norm',
      embed_out: 'output',
    }),
    perLayer: names(GPT_NEOX_LAYER),
  },
  {
    architecture: 'gpt2',
    classes: ['GPT2LMHeadModel'],
    strips: ['transformer.'],
    layers: 'h.',
    whole: names(GPT2_WHOLE),
    perLayer: names(GPT2_LAYER),
    changes: GPT2_CHANGES,
  },
  {
    architecture: 'starcoder',
    classes: ['GPTBigCodeForCausalLM'],
    strips: ['transformer.'],
    layers: 'h.',
    whole: names(GPT2_WHOLE),
    perLayer: names(GPT2_LAYER),
  },
  {
    architecture: 'falcon',
    classes: ['FalconForCausalLM', 'RWForCausalLM'],
    layers: 'transformer.h.',
    whole: names({
      'transformer.word_embeddings': 'token_embd',
      'transformer.ln_f': 'output_norm',
      lm_head: 'output',
    }),
    perLayer: names(FALCON_LAYER),
  },
  {
    architecture: 'bloom',
    classes: ['BloomForCausalLM', 'BloomModel'],
    strips: ['transformer.'],
    layers: 'h.',
    whole: names({
      word_embeddings: 'token_embd',
      word_embeddings_layernorm: 'token_embd_norm',
      ln_f: 'output_norm',
      lm_head: 'output',
    }),
    perLayer: names(FALCON_LAYER),
  },
  {
    architecture: 'bert',
    classes: ['BertModel', 'BertForMaskedLM', 'CamembertModel'],
    strips: ['bert.'],
    layers: 'encoder.layer.',
    whole: names(BERT_WHOLE),
    perLayer: names(BERT_LAYER),
    leavesOut: BERT_HEADS,
  },
  {
    architecture: 'bert',
    classes: ['RobertaModel', 'XLMRobertaModel'],
    strips: ['roberta.', 'bert.'],
    layers: 'encoder.layer.',
    whole: names(BERT_WHOLE),
    perLayer: names(BERT_LAYER),
    leavesOut: BERT_HEADS,
    changes: ROBERTA_CHANGES,
  },
  {
    architecture: 'bert',
    classes: ['DistilBertModel', 'DistilBertForMaskedLM'],
    strips: ['distilbert.'],
    layers: 'transformer.layer.',
    whole: names(BERT_WHOLE),
    perLayer: names(DISTILBERT_LAYER),
    leavesOut: [...BERT_HEADS, 'vocab_'],
  },
];

const BY_CLASS: ReadonlyMap<string, GgufLineage> = new Map(
  [...DECODERS, ...OTHERS].flatMap((lineage) => lineage.classes.map((name) => [name, lineage])),
);

/** How the converter's class for this `architectures` entry writes tensors; null for one that is not described here. */
export function lineageOf(architecture: string): GgufLineage | null {
  return BY_CLASS.get(architecture) ?? null;
}
