/** What tells one class of models from another by its tensors' names alone. */
export interface ModelSignature {
  readonly modelType: string;
  readonly architecture: string;
  /** Id of the naming family. */
  readonly family: string;
  /** Names inside the layers; `{a,b}` stands for both, a name without suffix for its `.weight`, `?` for one that may be absent. */
  readonly names: string;
  /** How long a norm of the queries is: one head, or all of them. */
  readonly queryNorm?: 'one-head' | 'all-heads';
  /** True where the class always ties its output to the embedding. */
  readonly isTied?: boolean;
  /** Whether the fused attention matrix has its inputs first (GPT-2's Conv1D). */
  readonly hasInputsFirst?: boolean;
  /** True where a class shares its names with a far more common one: known when declared, never proposed. */
  readonly isRare?: boolean;
}

type SignatureDetails = Pick<ModelSignature, 'queryNorm' | 'isTied' | 'hasInputsFirst' | 'isRare'>;

const QKVO = 'self_attn.{q,k,v,o}_proj';
const GATED = 'mlp.{gate,up,down}_proj';
const NORMS = '{input,post_attention}_layernorm';
const MLP_BIASES = 'mlp.{gate,up,down}_proj.bias?';
const ALL_BIASES = `self_attn.{q,k,v,o}_proj.bias ${MLP_BIASES}`;
const QK_NORM = 'self_attn.{q,k}_norm';
const LATENT =
  'self_attn.q_proj? self_attn.q_a_proj? self_attn.q_a_layernorm? self_attn.q_b_proj? self_attn.kv_a_proj_with_mqa self_attn.kv_a_layernorm self_attn.kv_b_proj self_attn.o_proj';
const EXPERTS = 'mlp.gate mlp.experts.*.{gate,up,down}_proj? mlp.experts.gate_up_proj.raw? mlp.experts.down_proj.raw?';
const GPT_BLOCK =
  'ln_{1,2} ln_{1,2}.bias attn.c_{attn,proj} attn.c_{attn,proj}.bias mlp.c_{fc,proj} mlp.c_{fc,proj}.bias attn.bias.raw? attn.masked_bias.raw?';
const FUSED_BLOCK =
  '{input,post_attention}_layernorm {input,post_attention}_layernorm.bias mlp.dense_{h_to_4h,4h_to_h} mlp.dense_{h_to_4h,4h_to_h}.bias';
const BERT_BLOCK =
  'attention.self.{query,key,value} attention.self.{query,key,value}.bias attention.output.{dense,LayerNorm} attention.output.{dense,LayerNorm}.bias intermediate.dense intermediate.dense.bias output.{dense,LayerNorm} output.{dense,LayerNorm}.bias';
const OLMO = '{post_attention,post_feedforward}_layernorm';

/**
 * Tensor names inside the layers of each class, as transformers 4.57.6 saves them. Where several have the same names,
 * the first is the likeliest; a repair is only certain when just one is left.
 */
export const MODEL_SIGNATURES: readonly ModelSignature[] = [
  // Llama and Mistral differ in nothing that is converted; the others with these names do.
  decoder('llama', 'LlamaForCausalLM', `${QKVO} ${GATED} ${NORMS} ${MLP_BIASES}`),
  decoder('llama', 'LlamaForCausalLM', `${QKVO} ${GATED} ${NORMS} ${ALL_BIASES}`),
  decoder('mistral', 'MistralForCausalLM', `${QKVO} ${GATED} ${NORMS}`),
  decoder('granite', 'GraniteForCausalLM', `${QKVO} ${GATED} ${NORMS} ${MLP_BIASES}`),
  decoder('granite', 'GraniteForCausalLM', `${QKVO} ${GATED} ${NORMS} ${ALL_BIASES}`),
  decoder('smollm3', 'SmolLM3ForCausalLM', `${QKVO} ${GATED} ${NORMS} ${MLP_BIASES}`),
  decoder('smollm3', 'SmolLM3ForCausalLM', `${QKVO} ${GATED} ${NORMS} ${ALL_BIASES}`),
  decoder('ernie4_5', 'Ernie4_5ForCausalLM', `${QKVO} ${GATED} ${NORMS} ${MLP_BIASES}`),
  decoder('ernie4_5', 'Ernie4_5ForCausalLM', `${QKVO} ${GATED} ${NORMS} ${ALL_BIASES}`),
  decoder('gemma', 'GemmaForCausalLM', `${QKVO} ${GATED} ${NORMS}`, { isTied: true }),
  decoder(
    'arcee',
    'ArceeForCausalLM',
    `${QKVO} mlp.{up,down}_proj ${NORMS} self_attn.{q,k,v,o}_proj.bias? mlp.{up,down}_proj.bias?`,
  ),
  decoder('bitnet', 'BitNetForCausalLM', `${QKVO} self_attn.attn_sub_norm ${GATED} mlp.ffn_sub_norm ${NORMS}`),
  decoder(
    'mixtral',
    'MixtralForCausalLM',
    `${QKVO} block_sparse_moe.gate block_sparse_moe.experts.*.w{1,2,3} ${NORMS}`,
  ),
  decoder('qwen2', 'Qwen2ForCausalLM', `${QKVO} self_attn.{q,k,v}_proj.bias ${GATED} ${NORMS}`),
  decoder('seed_oss', 'SeedOssForCausalLM', `${QKVO} self_attn.{q,k,v}_proj.bias ${GATED} ${NORMS}`, { isRare: true }),
  decoder(
    'qwen2_moe',
    'Qwen2MoeForCausalLM',
    `${QKVO} self_attn.{q,k,v}_proj.bias ${EXPERTS} mlp.shared_expert.{gate,up,down}_proj mlp.shared_expert_gate mlp.{gate,up,down}_proj? ${NORMS}`,
  ),
  decoder('qwen3', 'Qwen3ForCausalLM', `${QKVO} ${QK_NORM} ${GATED} ${NORMS} self_attn.{q,k,v,o}_proj.bias?`, {
    queryNorm: 'one-head',
  }),
  decoder(
    'qwen3_moe',
    'Qwen3MoeForCausalLM',
    `${QKVO} ${QK_NORM} ${EXPERTS} mlp.{gate,up,down}_proj? ${NORMS} self_attn.{q,k,v,o}_proj.bias?`,
    { queryNorm: 'one-head' },
  ),
  decoder('olmoe', 'OlmoeForCausalLM', `${QKVO} ${QK_NORM} ${EXPERTS} ${NORMS}`, { queryNorm: 'all-heads' }),
  decoder(
    'phi',
    'PhiForCausalLM',
    `self_attn.{q,k,v}_proj self_attn.{q,k,v}_proj.bias self_attn.dense self_attn.dense.bias mlp.fc{1,2} mlp.fc{1,2}.bias input_layernorm input_layernorm.bias`,
  ),
  decoder('phi3', 'Phi3ForCausalLM', `self_attn.{qkv,o}_proj mlp.{gate_up,down}_proj ${NORMS}`),
  decoder('glm', 'GlmForCausalLM', `${QKVO} self_attn.{q,k,v}_proj.bias? mlp.{gate_up,down}_proj ${NORMS}`),
  decoder(
    'glm4',
    'Glm4ForCausalLM',
    `${QKVO} self_attn.{q,k,v}_proj.bias? mlp.{gate_up,down}_proj ${NORMS} post_{self_attn,mlp}_layernorm`,
  ),
  decoder('gemma2', 'Gemma2ForCausalLM', `${QKVO} ${GATED} ${NORMS} {pre,post}_feedforward_layernorm`, {
    isTied: true,
  }),
  decoder('gemma3_text', 'Gemma3ForCausalLM', `${QKVO} ${QK_NORM} ${GATED} ${NORMS} {pre,post}_feedforward_layernorm`, {
    isTied: true,
  }),
  decoder('olmo', 'OlmoForCausalLM', `${QKVO} ${GATED}`),
  decoder('olmo2', 'Olmo2ForCausalLM', `${QKVO} ${QK_NORM} ${GATED} ${OLMO}`, { queryNorm: 'all-heads' }),
  decoder('olmo3', 'Olmo3ForCausalLM', `${QKVO} ${QK_NORM} ${GATED} ${OLMO}`, { queryNorm: 'all-heads' }),
  decoder('exaone4', 'Exaone4ForCausalLM', `${QKVO} ${QK_NORM} ${GATED} ${OLMO}`, { queryNorm: 'one-head' }),
  decoder('hunyuan_v1_dense', 'HunYuanDenseV1ForCausalLM', `${QKVO} self_attn.{query,key}_layernorm ${GATED} ${NORMS}`),
  decoder(
    'starcoder2',
    'Starcoder2ForCausalLM',
    `${QKVO} ${QKVO}.bias mlp.c_{fc,proj} mlp.c_{fc,proj}.bias ${NORMS} ${NORMS}.bias`,
  ),
  decoder(
    'stablelm',
    'StableLmForCausalLM',
    `${QKVO} self_attn.{q,k,v}_proj.bias? ${GATED} input_layernorm input_layernorm.bias post_attention_layernorm? post_attention_layernorm.bias?`,
  ),
  decoder('nemotron', 'NemotronForCausalLM', `${QKVO} mlp.{up,down}_proj ${NORMS} ${NORMS}.bias`),
  decoder('cohere', 'CohereForCausalLM', `${QKVO} ${GATED} input_layernorm self_attn.{q,k}_norm?`),
  decoder('cohere2', 'Cohere2ForCausalLM', `${QKVO} ${GATED} input_layernorm`),
  decoder(
    'apertus',
    'ApertusForCausalLM',
    `${QKVO} ${QK_NORM} mlp.{up,down}_proj mlp.act_fn.{alpha_n,alpha_p,beta,eps}.raw? {attention,feedforward}_layernorm`,
  ),
  decoder(
    'lfm2',
    'Lfm2ForCausalLM',
    'self_attn.{q,k,v,out}_proj? self_attn.{q,k}_layernorm? conv.{conv,in_proj,out_proj}? conv.{conv,in_proj,out_proj}.bias? feed_forward.w{1,2,3} {operator,ffn}_norm',
  ),
  decoder(
    'glm4_moe',
    'Glm4MoeForCausalLM',
    `${QKVO} self_attn.{q,k,v}_proj.bias? self_attn.{q,k}_norm? mlp.{gate,up,down}_proj? ${EXPERTS} mlp.gate.e_score_correction_bias.raw mlp.shared_experts.{gate,up,down}_proj? ${NORMS} eh_proj? enorm? hnorm? embed_tokens? shared_head.{norm,head}?`,
  ),
  decoder('modernbert', 'ModernBertModel', 'attn.{Wqkv,Wo} attn_norm? mlp.{Wi,Wo} mlp_norm'),
  decoder(
    'granitemoe',
    'GraniteMoeForCausalLM',
    `${QKVO} block_sparse_moe.{input,output}_linear block_sparse_moe.router.layer ${NORMS}`,
  ),
  decoder(
    'deepseek_v2',
    'DeepseekV2ForCausalLM',
    `${LATENT} mlp.{gate,up,down}_proj? ${EXPERTS} mlp.shared_experts.{gate,up,down}_proj? ${NORMS}`,
  ),
  decoder(
    'deepseek_v3',
    'DeepseekV3ForCausalLM',
    `${LATENT} mlp.{gate,up,down}_proj? ${EXPERTS} mlp.gate.e_score_correction_bias.raw mlp.shared_experts.{gate,up,down}_proj? ${NORMS} eh_proj? enorm? hnorm? embed_tokens? shared_head.{norm,head}?`,
  ),
  decoder(
    'gpt_oss',
    'GptOssForCausalLM',
    `self_attn.sinks.raw ${QKVO} ${QKVO}.bias mlp.router mlp.router.bias mlp.experts.{gate_up,down}_proj.raw? mlp.experts.{gate_up,down}_proj_{bias,blocks,scales}.raw? ${NORMS}`,
  ),
  decoder(
    'dots1',
    'Dots1ForCausalLM',
    `${QKVO} ${QK_NORM} mlp.{gate,up,down}_proj? ${EXPERTS} mlp.gate.e_score_correction_bias.raw mlp.shared_experts.{gate,up,down}_proj? ${NORMS}`,
    { queryNorm: 'one-head' },
  ),
  decoder(
    'deepseek',
    'DeepseekForCausalLM',
    `${QKVO} mlp.{gate,up,down}_proj? ${EXPERTS} mlp.shared_experts.{gate,up,down}_proj ${NORMS}`,
  ),
  of('gpt2', 'gpt2', 'GPT2LMHeadModel', GPT_BLOCK, { hasInputsFirst: true }),
  of('gpt2', 'gpt_bigcode', 'GPTBigCodeForCausalLM', GPT_BLOCK, { hasInputsFirst: false }),
  of(
    'gpt2',
    'bloom',
    'BloomForCausalLM',
    `${FUSED_BLOCK} self_attention.{query_key_value,dense} self_attention.{query_key_value,dense}.bias`,
  ),
  of(
    'gpt2',
    'falcon',
    'FalconForCausalLM',
    'self_attention.{query_key_value,dense} self_attention.{query_key_value,dense}.bias? mlp.dense_{h_to_4h,4h_to_h} mlp.dense_{h_to_4h,4h_to_h}.bias? input_layernorm? input_layernorm.bias? post_attention_layernorm? post_attention_layernorm.bias? ln_{attn,mlp}? ln_{attn,mlp}.bias?',
  ),
  of(
    'gpt-neox',
    'gpt_neox',
    'GPTNeoXForCausalLM',
    `${FUSED_BLOCK} attention.{query_key_value,dense} attention.{query_key_value,dense}.bias attention.{bias,masked_bias}.raw? attention.rotary_emb.inv_freq.raw?`,
  ),
  of('bert', 'bert', 'BertModel', BERT_BLOCK),
  of('bert', 'roberta', 'RobertaModel', BERT_BLOCK),
  of('bert', 'xlm-roberta', 'XLMRobertaModel', BERT_BLOCK),
  of('bert', 'camembert', 'CamembertModel', BERT_BLOCK),
  of(
    'distilbert',
    'distilbert',
    'DistilBertModel',
    'attention.{q,k,v,out}_lin attention.{q,k,v,out}_lin.bias {sa_layer,output_layer}_norm {sa_layer,output_layer}_norm.bias ffn.lin{1,2} ffn.lin{1,2}.bias',
  ),
  of(
    'mamba',
    'mamba',
    'MambaForCausalLM',
    'norm mixer.{A_log,D}.raw mixer.{conv1d,in_proj,x_proj,dt_proj,out_proj} mixer.{conv1d,dt_proj}.bias',
  ),
  of(
    'mamba',
    'falcon_mamba',
    'FalconMambaForCausalLM',
    'norm mixer.{A_log,D}.raw mixer.{conv1d,in_proj,x_proj,dt_proj,out_proj} mixer.{conv1d,dt_proj}.bias',
  ),
];

function decoder(modelType: string, architecture: string, names: string, more: SignatureDetails = {}): ModelSignature {
  return { modelType, architecture, family: 'decoder', names, ...more };
}

function of(
  family: string,
  modelType: string,
  architecture: string,
  names: string,
  more: SignatureDetails = {},
): ModelSignature {
  return { modelType, architecture, family, names, ...more };
}
