/** A default that is a plain value, or a rule over the configuration's own hidden size and heads. */
export type ClassDefault = number | string | boolean | null;

/**
 * What transformers 4.57.6, the pinned version, fills in for a field that config.json lacks, by `model_type`: its
 * configuration classes' own keys and values. The converter loads config.json through them, so an absent field silently
 * becomes this. `heads`, `hidden/heads` and `hidden*4` follow other fields; `text_config` names the type of the section
 * that holds the language model, `class` the entry of `architectures`. Made by instantiating every class whose architecture the converter knows; made anew
 * when the pin moves.
 */
const TABLE = `
    apertus: class=ApertusForCausalLM num_hidden_layers=32 hidden_size=4096 vocab_size=131072 intermediate_size=14336 num_attention_heads=32 num_key_value_heads=heads tie_word_embeddings=false attention_bias=false max_position_embeddings=65536 rope_theta=12000000 rms_norm_eps=1e-05
    arcee: class=ArceeForCausalLM num_hidden_layers=32 hidden_size=2560 vocab_size=32000 intermediate_size=18432 num_attention_heads=32 num_key_value_heads=heads head_dim=hidden/heads tie_word_embeddings=false rope_scaling=null attention_bias=false mlp_bias=false max_position_embeddings=4096 rope_theta=10000 rms_norm_eps=1e-05
    bamba: class=BambaForCausalLM num_hidden_layers=32 hidden_size=4096 vocab_size=128000 intermediate_size=14336 num_attention_heads=32 num_key_value_heads=8 tie_word_embeddings=false rope_scaling=null attention_bias=false mlp_bias=false max_position_embeddings=262144 rope_theta=10000 partial_rotary_factor=0.5 rms_norm_eps=1e-05
    bert: class=BertModel num_hidden_layers=12 hidden_size=768 vocab_size=30522 intermediate_size=3072 num_attention_heads=12 tie_word_embeddings=true type_vocab_size=2 max_position_embeddings=512 layer_norm_eps=1e-12
    bitnet: class=BitNetForCausalLM num_hidden_layers=30 hidden_size=2560 vocab_size=128256 intermediate_size=6912 num_attention_heads=20 num_key_value_heads=5 tie_word_embeddings=false attention_bias=false max_position_embeddings=2048 rope_theta=500000 rms_norm_eps=1e-05
    bloom: class=BloomForCausalLM n_layer=2 hidden_size=64 vocab_size=250880 n_head=8 tie_word_embeddings=true layer_norm_epsilon=1e-05
    camembert: class=CamembertModel num_hidden_layers=12 hidden_size=768 vocab_size=30522 intermediate_size=3072 num_attention_heads=12 tie_word_embeddings=true type_vocab_size=2 max_position_embeddings=512 layer_norm_eps=1e-12
    code_llama: num_hidden_layers=32 hidden_size=4096 vocab_size=32000 intermediate_size=11008 num_attention_heads=32 num_key_value_heads=heads head_dim=hidden/heads tie_word_embeddings=false rope_scaling=null attention_bias=false mlp_bias=false max_position_embeddings=2048 rope_theta=10000 rms_norm_eps=1e-06
    cohere2: class=Cohere2ForCausalLM num_hidden_layers=40 hidden_size=8192 vocab_size=256000 intermediate_size=22528 num_attention_heads=64 num_key_value_heads=heads head_dim=hidden/heads tie_word_embeddings=true rope_scaling=null attention_bias=false max_position_embeddings=8192 rope_theta=10000 layer_norm_eps=1e-05 sliding_window=4096 logit_scale=0.0625
    cohere: class=CohereForCausalLM num_hidden_layers=40 hidden_size=8192 vocab_size=256000 intermediate_size=22528 num_attention_heads=64 num_key_value_heads=heads tie_word_embeddings=true rope_scaling=null attention_bias=false max_position_embeddings=8192 rope_theta=10000 layer_norm_eps=1e-05 logit_scale=0.0625
    deepseek_v2: class=DeepseekV2ForCausalLM num_hidden_layers=32 hidden_size=4096 vocab_size=32000 intermediate_size=11008 moe_intermediate_size=1407 n_routed_experts=64 n_shared_experts=2 first_k_dense_replace=0 num_attention_heads=32 num_key_value_heads=heads head_dim=64 q_lora_rank=1536 kv_lora_rank=512 qk_rope_head_dim=64 qk_nope_head_dim=128 v_head_dim=128 tie_word_embeddings=false rope_scaling=null attention_bias=false mlp_bias=false max_position_embeddings=2048 rope_theta=10000 rms_norm_eps=1e-06 num_experts_per_tok=null norm_topk_prob=false routed_scaling_factor=1 n_group=null topk_group=null topk_method=greedy
    deepseek_v3: class=DeepseekV3ForCausalLM num_hidden_layers=61 hidden_size=7168 vocab_size=129280 intermediate_size=18432 moe_intermediate_size=2048 n_routed_experts=256 n_shared_experts=1 first_k_dense_replace=3 num_attention_heads=128 num_key_value_heads=128 head_dim=64 q_lora_rank=1536 kv_lora_rank=512 qk_rope_head_dim=64 qk_nope_head_dim=128 v_head_dim=128 tie_word_embeddings=false rope_scaling=null attention_bias=false max_position_embeddings=4096 rope_theta=10000 rms_norm_eps=1e-06 num_experts_per_tok=8 norm_topk_prob=true routed_scaling_factor=2.5 n_group=8 topk_group=4
    distilbert: class=DistilBertModel n_layers=6 dim=768 vocab_size=30522 hidden_dim=3072 n_heads=12 tie_word_embeddings=true max_position_embeddings=512
    dots1: class=Dots1ForCausalLM num_hidden_layers=62 hidden_size=4608 vocab_size=152064 intermediate_size=10944 moe_intermediate_size=1408 n_routed_experts=null n_shared_experts=null first_k_dense_replace=0 num_attention_heads=32 num_key_value_heads=32 tie_word_embeddings=false rope_scaling=null attention_bias=false max_position_embeddings=2048 rope_theta=10000 rms_norm_eps=1e-06 sliding_window=4096 num_experts_per_tok=null norm_topk_prob=false routed_scaling_factor=1 n_group=1 topk_group=1
    ernie4_5: class=Ernie4_5ForCausalLM num_hidden_layers=18 hidden_size=1024 vocab_size=103424 intermediate_size=3072 num_attention_heads=16 num_key_value_heads=2 head_dim=128 tie_word_embeddings=true rope_scaling=null max_position_embeddings=131072 rope_theta=500000 rms_norm_eps=1e-05
    ernie4_5_moe: class=Ernie4_5_MoeForCausalLM num_hidden_layers=28 hidden_size=2560 vocab_size=103424 intermediate_size=12288 moe_intermediate_size=1536 moe_num_experts=64 moe_num_shared_experts=2 num_attention_heads=20 num_key_value_heads=4 tie_word_embeddings=true rope_scaling=null max_position_embeddings=131072 rope_theta=500000 rms_norm_eps=1e-05
    exaone4: class=Exaone4ForCausalLM num_hidden_layers=32 hidden_size=4096 vocab_size=102400 intermediate_size=16384 num_attention_heads=32 num_key_value_heads=32 tie_word_embeddings=false rope_scaling=null max_position_embeddings=2048 rope_theta=10000 rms_norm_eps=1e-05 sliding_window=4096 sliding_window_pattern=4
    falcon: class=FalconForCausalLM num_hidden_layers=32 hidden_size=4544 vocab_size=65024 ffn_hidden_size=hidden*4 num_attention_heads=71 num_kv_heads=heads multi_query=true new_decoder_architecture=false tie_word_embeddings=true rope_scaling=null max_position_embeddings=2048 rope_theta=10000 layer_norm_epsilon=1e-05 alibi=false parallel_attn=true
    falcon_h1: class=FalconH1ForCausalLM num_hidden_layers=32 hidden_size=4096 vocab_size=128000 intermediate_size=14336 num_attention_heads=32 num_key_value_heads=8 tie_word_embeddings=false rope_scaling=null attention_bias=false mlp_bias=false max_position_embeddings=8192 rope_theta=100000 rms_norm_eps=1e-05 embedding_multiplier=1
    falcon_mamba: class=FalconMambaForCausalLM num_hidden_layers=32 hidden_size=768 vocab_size=50280 intermediate_size=hidden*2 tie_word_embeddings=true layer_norm_epsilon=1e-05 state_size=16 conv_kernel=4 expand=2 time_step_rank=hidden*0.0625
    gemma2: class=Gemma2ForCausalLM num_hidden_layers=26 hidden_size=2304 vocab_size=256000 intermediate_size=9216 num_attention_heads=8 num_key_value_heads=4 head_dim=256 tie_word_embeddings=true attention_bias=false max_position_embeddings=8192 rope_theta=10000 rms_norm_eps=1e-06 sliding_window=4096 attn_logit_softcapping=50 final_logit_softcapping=30 query_pre_attn_scalar=256
    gemma3: class=Gemma3ForConditionalGeneration text_config=gemma3_text
    gemma3_text: class=Gemma3ForCausalLM num_hidden_layers=26 hidden_size=2304 vocab_size=262208 intermediate_size=9216 num_attention_heads=8 num_key_value_heads=4 head_dim=256 tie_word_embeddings=true rope_scaling=null attention_bias=false max_position_embeddings=131072 rope_theta=1000000 rope_local_base_freq=10000 rms_norm_eps=1e-06 sliding_window=4096 attn_logit_softcapping=null final_logit_softcapping=null query_pre_attn_scalar=256
    gemma3n: class=Gemma3nForConditionalGeneration text_config=gemma3n_text
    gemma3n_text: class=Gemma3nForCausalLM num_hidden_layers=35 hidden_size=2048 vocab_size=262400 num_attention_heads=8 num_key_value_heads=2 head_dim=256 tie_word_embeddings=true rope_scaling=null attention_bias=false max_position_embeddings=32768 rope_theta=1000000 rope_local_base_freq=10000 rms_norm_eps=1e-06 sliding_window=512 final_logit_softcapping=30
    gemma: class=GemmaForCausalLM num_hidden_layers=28 hidden_size=3072 vocab_size=256000 intermediate_size=24576 num_attention_heads=16 num_key_value_heads=16 head_dim=256 tie_word_embeddings=true attention_bias=false max_position_embeddings=8192 rope_theta=10000 rms_norm_eps=1e-06
    glm4: class=Glm4ForCausalLM num_hidden_layers=40 hidden_size=4096 vocab_size=151552 intermediate_size=13696 num_attention_heads=32 num_key_value_heads=2 head_dim=128 tie_word_embeddings=false attention_bias=true max_position_embeddings=131072 rope_theta=10000 partial_rotary_factor=0.5 rms_norm_eps=1.5625e-07
    glm4_moe: class=Glm4MoeForCausalLM num_hidden_layers=46 hidden_size=4096 vocab_size=151552 intermediate_size=10944 moe_intermediate_size=1408 n_routed_experts=128 n_shared_experts=1 first_k_dense_replace=1 num_attention_heads=96 num_key_value_heads=8 tie_word_embeddings=false rope_scaling=null attention_bias=false max_position_embeddings=131072 rope_theta=10000 partial_rotary_factor=0.5 rms_norm_eps=1e-05 num_experts_per_tok=8 norm_topk_prob=true routed_scaling_factor=1 n_group=1 topk_group=1
    glm4v: class=Glm4vForConditionalGeneration text_config=glm4v_text
    glm4v_moe: class=Glm4vMoeForConditionalGeneration text_config=Glm4vMoe_text
    glm4v_moe_text: num_hidden_layers=46 hidden_size=4096 vocab_size=151424 intermediate_size=10944 moe_intermediate_size=1408 n_routed_experts=128 n_shared_experts=1 first_k_dense_replace=1 num_attention_heads=96 num_key_value_heads=8 tie_word_embeddings=false rope_scaling=null attention_bias=true max_position_embeddings=65536 rope_theta=10000 partial_rotary_factor=0.5 rms_norm_eps=1e-05 num_experts_per_tok=8 norm_topk_prob=true routed_scaling_factor=1 n_group=1 topk_group=1
    glm4v_text: num_hidden_layers=40 hidden_size=4096 vocab_size=151552 intermediate_size=13696 num_attention_heads=32 num_key_value_heads=2 tie_word_embeddings=false rope_scaling=null max_position_embeddings=32768 rope_theta=10000 rms_norm_eps=1e-05
    glm: class=GlmForCausalLM num_hidden_layers=40 hidden_size=4096 vocab_size=151552 intermediate_size=13696 num_attention_heads=32 num_key_value_heads=2 head_dim=128 tie_word_embeddings=false attention_bias=true max_position_embeddings=131072 rope_theta=10000 partial_rotary_factor=0.5 rms_norm_eps=1.5625e-07
    gpt2: class=GPT2LMHeadModel n_layer=12 n_embd=768 vocab_size=50257 n_inner=null n_head=12 tie_word_embeddings=true n_positions=1024 layer_norm_epsilon=1e-05
    gpt_bigcode: class=GPTBigCodeForCausalLM n_layer=12 n_embd=768 vocab_size=50257 n_inner=null n_head=12 num_key_value_heads=1 multi_query=true tie_word_embeddings=true n_positions=1024 layer_norm_epsilon=1e-05
    gpt_neox: class=GPTNeoXForCausalLM num_hidden_layers=44 hidden_size=6144 vocab_size=50432 intermediate_size=24576 num_attention_heads=64 tie_word_embeddings=false rope_scaling=null attention_bias=true max_position_embeddings=2048 rope_theta=10000 rotary_emb_base=10000 partial_rotary_factor=0.25 rotary_pct=0.25 layer_norm_eps=1e-05 use_parallel_residual=true
    gpt_oss: class=GptOssForCausalLM num_hidden_layers=36 hidden_size=2880 vocab_size=201088 intermediate_size=2880 num_local_experts=128 num_attention_heads=64 num_key_value_heads=8 head_dim=64 tie_word_embeddings=false attention_bias=true max_position_embeddings=131072 rope_theta=150000 rms_norm_eps=1e-05 sliding_window=128 num_experts_per_tok=4
    gptj: class=GPTJForCausalLM n_layer=28 n_embd=4096 vocab_size=50400 n_inner=null n_head=16 tie_word_embeddings=false n_positions=2048 rotary_dim=64 layer_norm_epsilon=1e-05
    granite: class=GraniteForCausalLM num_hidden_layers=32 hidden_size=4096 vocab_size=32000 intermediate_size=11008 num_attention_heads=32 num_key_value_heads=heads tie_word_embeddings=false rope_scaling=null attention_bias=false mlp_bias=false max_position_embeddings=2048 rope_theta=10000 rms_norm_eps=1e-06 embedding_multiplier=1 residual_multiplier=1 attention_multiplier=1 logits_scaling=1
    granitemoe: class=GraniteMoeForCausalLM num_hidden_layers=32 hidden_size=4096 vocab_size=32000 intermediate_size=11008 num_local_experts=8 num_attention_heads=32 num_key_value_heads=heads tie_word_embeddings=false rope_scaling=null attention_bias=false max_position_embeddings=2048 rope_theta=10000 rms_norm_eps=1e-06 num_experts_per_tok=2 embedding_multiplier=1 residual_multiplier=1 attention_multiplier=1 logits_scaling=1
    granitemoehybrid: class=GraniteMoeHybridForCausalLM num_hidden_layers=32 hidden_size=4096 vocab_size=32000 intermediate_size=11008 shared_intermediate_size=1024 num_local_experts=8 num_attention_heads=32 num_key_value_heads=heads tie_word_embeddings=false rope_scaling=null attention_bias=false max_position_embeddings=2048 rope_theta=10000 rms_norm_eps=1e-06 num_experts_per_tok=2 embedding_multiplier=1 residual_multiplier=1 attention_multiplier=1 logits_scaling=1
    granitemoeshared: class=GraniteMoeSharedForCausalLM num_hidden_layers=32 hidden_size=4096 vocab_size=32000 intermediate_size=11008 shared_intermediate_size=0 num_local_experts=8 num_attention_heads=32 num_key_value_heads=heads tie_word_embeddings=false rope_scaling=null attention_bias=false max_position_embeddings=2048 rope_theta=10000 rms_norm_eps=1e-06 num_experts_per_tok=2 embedding_multiplier=1 residual_multiplier=1 attention_multiplier=1 logits_scaling=1
    hunyuan_v1_dense: class=HunYuanDenseV1ForCausalLM num_hidden_layers=32 hidden_size=4096 vocab_size=290943 intermediate_size=11008 num_attention_heads=32 num_key_value_heads=heads head_dim=null tie_word_embeddings=false rope_scaling=null attention_bias=false max_position_embeddings=2048 rope_theta=10000 rms_norm_eps=1e-05
    hunyuan_v1_moe: class=HunYuanMoEV1ForCausalLM num_hidden_layers=32 hidden_size=4096 vocab_size=290943 intermediate_size=11008 num_experts=1 num_attention_heads=32 num_key_value_heads=heads head_dim=null tie_word_embeddings=false rope_scaling=null attention_bias=false max_position_embeddings=2048 rope_theta=10000 rms_norm_eps=1e-05
    jamba: class=JambaForCausalLM num_hidden_layers=32 hidden_size=4096 vocab_size=65536 intermediate_size=14336 num_experts=16 num_attention_heads=32 num_key_value_heads=8 tie_word_embeddings=false max_position_embeddings=262144 rms_norm_eps=1e-06 sliding_window=null num_experts_per_tok=2 attn_layer_period=8 attn_layer_offset=4 expert_layer_period=2 expert_layer_offset=1
    lfm2: class=Lfm2ForCausalLM num_hidden_layers=32 hidden_size=2560 vocab_size=65536 intermediate_size=12288 num_attention_heads=32 num_key_value_heads=8 tie_word_embeddings=true max_position_embeddings=128000 rope_theta=1000000 norm_eps=1e-05
    llama4: class=Llama4ForCausalLM text_config=llama4_text
    llama4_text: class=Llama4ForCausalLM num_hidden_layers=48 hidden_size=5120 vocab_size=202048 intermediate_size=8192 num_local_experts=16 num_attention_heads=40 num_key_value_heads=8 head_dim=128 tie_word_embeddings=false rope_scaling=null attention_bias=false max_position_embeddings=131072 rope_theta=500000 rms_norm_eps=1e-05 num_experts_per_tok=1 interleave_moe_layer_step=1
    llama: class=LlamaForCausalLM num_hidden_layers=32 hidden_size=4096 vocab_size=32000 intermediate_size=11008 num_attention_heads=32 num_key_value_heads=heads head_dim=hidden/heads tie_word_embeddings=false rope_scaling=null attention_bias=false mlp_bias=false max_position_embeddings=2048 rope_theta=10000 rms_norm_eps=1e-06
    mamba2: class=Mamba2ForCausalLM num_hidden_layers=64 hidden_size=4096 vocab_size=32768 num_heads=128 head_dim=64 tie_word_embeddings=false layer_norm_epsilon=1e-05 state_size=128 conv_kernel=4 expand=2 time_step_rank=256
    mamba: class=MambaForCausalLM num_hidden_layers=32 hidden_size=768 vocab_size=50280 intermediate_size=hidden*2 tie_word_embeddings=true layer_norm_epsilon=1e-05 state_size=16 conv_kernel=4 expand=2 time_step_rank=hidden*0.0625
    mistral3: class=Mistral3ForConditionalGeneration text_config=mistral
    mistral: class=MistralForCausalLM num_hidden_layers=32 hidden_size=4096 vocab_size=32000 intermediate_size=14336 num_attention_heads=32 num_key_value_heads=8 head_dim=null tie_word_embeddings=false max_position_embeddings=131072 rope_theta=10000 rms_norm_eps=1e-06 sliding_window=4096
    mixtral: class=MixtralForCausalLM num_hidden_layers=32 hidden_size=4096 vocab_size=32000 intermediate_size=14336 num_local_experts=8 num_attention_heads=32 num_key_value_heads=8 head_dim=null tie_word_embeddings=false max_position_embeddings=131072 rope_theta=1000000 rms_norm_eps=1e-05 sliding_window=null num_experts_per_tok=2
    modernbert: class=ModernBertModel num_hidden_layers=22 hidden_size=768 vocab_size=50368 intermediate_size=1152 num_attention_heads=12 tie_word_embeddings=true attention_bias=false mlp_bias=false max_position_embeddings=8192 global_rope_theta=160000 local_rope_theta=10000 norm_eps=1e-05 local_attention=128 global_attn_every_n_layers=3
    mpt: class=MptForCausalLM n_layers=24 d_model=2048 vocab_size=50368 n_heads=16 tie_word_embeddings=true max_seq_len=2048 layer_norm_epsilon=1e-05 logit_scale=null
    mt5: class=MT5ForConditionalGeneration num_layers=8 num_decoder_layers=8 d_model=512 vocab_size=250112 d_ff=1024 num_heads=6 tie_word_embeddings=false layer_norm_epsilon=1e-06
    nemotron: class=NemotronForCausalLM num_hidden_layers=32 hidden_size=6144 vocab_size=256000 intermediate_size=24576 num_attention_heads=48 num_key_value_heads=null head_dim=hidden/heads tie_word_embeddings=false attention_bias=false mlp_bias=false max_position_embeddings=4096 rope_theta=10000 partial_rotary_factor=0.5 norm_eps=1e-05
    olmo2: class=Olmo2ForCausalLM num_hidden_layers=32 hidden_size=4096 vocab_size=50304 intermediate_size=11008 num_attention_heads=32 num_key_value_heads=heads tie_word_embeddings=false rope_scaling=null attention_bias=false max_position_embeddings=2048 rope_theta=10000 rms_norm_eps=1e-05
    olmo3: class=Olmo3ForCausalLM num_hidden_layers=32 hidden_size=4096 vocab_size=50304 intermediate_size=11008 num_attention_heads=32 num_key_value_heads=heads tie_word_embeddings=false rope_scaling=null attention_bias=false max_position_embeddings=2048 rope_theta=10000 rms_norm_eps=1e-05 sliding_window=4096
    olmo: class=OlmoForCausalLM num_hidden_layers=32 hidden_size=4096 vocab_size=50304 intermediate_size=11008 num_attention_heads=32 num_key_value_heads=heads tie_word_embeddings=false rope_scaling=null attention_bias=false max_position_embeddings=2048 rope_theta=10000 clip_qkv=null
    olmoe: class=OlmoeForCausalLM num_hidden_layers=16 hidden_size=2048 vocab_size=50304 intermediate_size=2048 num_experts=64 num_attention_heads=16 num_key_value_heads=heads tie_word_embeddings=false rope_scaling=null attention_bias=false max_position_embeddings=4096 rope_theta=10000 rms_norm_eps=1e-05 num_experts_per_tok=8 norm_topk_prob=false clip_qkv=null
    phi3: class=Phi3ForCausalLM num_hidden_layers=32 hidden_size=3072 vocab_size=32064 intermediate_size=8192 num_attention_heads=32 num_key_value_heads=heads tie_word_embeddings=false rope_scaling=null max_position_embeddings=4096 rope_theta=10000 partial_rotary_factor=1 rms_norm_eps=1e-05 sliding_window=null original_max_position_embeddings=4096
    phi: class=PhiForCausalLM num_hidden_layers=24 hidden_size=2048 vocab_size=51200 intermediate_size=8192 num_attention_heads=32 num_key_value_heads=heads tie_word_embeddings=false rope_scaling=null max_position_embeddings=2048 rope_theta=10000 partial_rotary_factor=0.5 layer_norm_eps=1e-05
    qwen2: class=Qwen2ForCausalLM num_hidden_layers=32 hidden_size=4096 vocab_size=151936 intermediate_size=22016 num_attention_heads=32 num_key_value_heads=32 tie_word_embeddings=false rope_scaling=null max_position_embeddings=32768 rope_theta=10000 rms_norm_eps=1e-06 sliding_window=null
    qwen2_5_vl: class=Qwen2_5_VLForConditionalGeneration text_config=qwen2_5_vl_text
    qwen2_5_vl_text: num_hidden_layers=80 hidden_size=8192 vocab_size=152064 intermediate_size=29568 num_attention_heads=64 num_key_value_heads=8 tie_word_embeddings=false rope_scaling=null max_position_embeddings=32768 rope_theta=1000000 rms_norm_eps=1e-05 sliding_window=null
    qwen2_moe: class=Qwen2MoeForCausalLM num_hidden_layers=24 hidden_size=2048 vocab_size=151936 intermediate_size=5632 moe_intermediate_size=1408 shared_expert_intermediate_size=5632 num_experts=60 num_attention_heads=16 num_key_value_heads=16 tie_word_embeddings=false rope_scaling=null max_position_embeddings=32768 rope_theta=10000 rms_norm_eps=1e-06 sliding_window=null num_experts_per_tok=4 norm_topk_prob=false
    qwen2_vl: class=Qwen2VLForConditionalGeneration text_config=qwen2_vl_text
    qwen2_vl_text: num_hidden_layers=80 hidden_size=8192 vocab_size=152064 intermediate_size=29568 num_attention_heads=64 num_key_value_heads=8 tie_word_embeddings=false rope_scaling=null max_position_embeddings=32768 rope_theta=1000000 rms_norm_eps=1e-05 sliding_window=null
    qwen3: class=Qwen3ForCausalLM num_hidden_layers=32 hidden_size=4096 vocab_size=151936 intermediate_size=22016 num_attention_heads=32 num_key_value_heads=32 head_dim=128 tie_word_embeddings=false rope_scaling=null attention_bias=false max_position_embeddings=32768 rope_theta=10000 rms_norm_eps=1e-06 sliding_window=null
    qwen3_moe: class=Qwen3MoeForCausalLM num_hidden_layers=24 hidden_size=2048 vocab_size=151936 intermediate_size=6144 moe_intermediate_size=768 num_experts=128 num_attention_heads=32 num_key_value_heads=4 tie_word_embeddings=false rope_scaling=null attention_bias=false max_position_embeddings=32768 rope_theta=10000 rms_norm_eps=1e-06 sliding_window=null num_experts_per_tok=8 norm_topk_prob=false
    qwen3_next: class=Qwen3NextForCausalLM num_hidden_layers=48 hidden_size=2048 vocab_size=151936 intermediate_size=5632 moe_intermediate_size=512 shared_expert_intermediate_size=512 num_experts=512 num_attention_heads=16 num_key_value_heads=2 head_dim=256 tie_word_embeddings=false rope_scaling=null attention_bias=false max_position_embeddings=32768 rope_theta=10000 partial_rotary_factor=0.25 rms_norm_eps=1e-06 num_experts_per_tok=10 norm_topk_prob=true
    qwen3_vl: class=Qwen3VLForConditionalGeneration text_config=qwen3_vl_text
    qwen3_vl_moe: class=Qwen3VLMoeForConditionalGeneration text_config=qwen3_vl_moe_text
    qwen3_vl_moe_text: num_hidden_layers=24 hidden_size=2048 vocab_size=151936 intermediate_size=5632 moe_intermediate_size=1408 num_experts=60 num_attention_heads=16 num_key_value_heads=16 head_dim=hidden/heads tie_word_embeddings=false rope_scaling=null attention_bias=false max_position_embeddings=128000 rope_theta=5000000 rms_norm_eps=1e-06 num_experts_per_tok=4 norm_topk_prob=true
    qwen3_vl_text: num_hidden_layers=32 hidden_size=4096 vocab_size=151936 intermediate_size=22016 num_attention_heads=32 num_key_value_heads=32 head_dim=128 tie_word_embeddings=false rope_scaling=null attention_bias=false max_position_embeddings=128000 rope_theta=5000000 rms_norm_eps=1e-06
    roberta: class=RobertaModel num_hidden_layers=12 hidden_size=768 vocab_size=50265 intermediate_size=3072 num_attention_heads=12 tie_word_embeddings=true type_vocab_size=2 max_position_embeddings=512 layer_norm_eps=1e-12
    seed_oss: class=SeedOssForCausalLM num_hidden_layers=64 hidden_size=4096 vocab_size=155136 intermediate_size=27648 num_attention_heads=80 num_key_value_heads=8 head_dim=128 tie_word_embeddings=false rope_scaling=null attention_bias=true mlp_bias=false max_position_embeddings=524288 rope_theta=10000 rms_norm_eps=1e-06
    smollm3: class=SmolLM3ForCausalLM num_hidden_layers=36 hidden_size=2048 vocab_size=128256 intermediate_size=11008 num_attention_heads=16 num_key_value_heads=4 tie_word_embeddings=true rope_scaling=null attention_bias=false mlp_bias=false max_position_embeddings=32768 rope_theta=2000000 rms_norm_eps=1e-06 sliding_window=null no_rope_layer_interval=4
    stablelm: class=StableLmForCausalLM num_hidden_layers=32 hidden_size=2560 vocab_size=50304 intermediate_size=6912 num_attention_heads=32 num_key_value_heads=32 tie_word_embeddings=false rope_scaling=null max_position_embeddings=4096 rope_theta=10000 partial_rotary_factor=0.25 layer_norm_eps=1e-05 use_parallel_residual=false
    starcoder2: class=Starcoder2ForCausalLM num_hidden_layers=30 hidden_size=3072 vocab_size=49152 intermediate_size=12288 num_attention_heads=24 num_key_value_heads=2 tie_word_embeddings=true rope_scaling=null max_position_embeddings=4096 rope_theta=10000 norm_epsilon=1e-05 sliding_window=null
    t5: class=T5ForConditionalGeneration num_layers=6 num_decoder_layers=6 d_model=512 vocab_size=32128 d_ff=2048 num_heads=8 tie_word_embeddings=true layer_norm_epsilon=1e-06
    umt5: class=UMT5ForConditionalGeneration num_layers=8 num_decoder_layers=8 d_model=512 vocab_size=250112 d_ff=1024 num_heads=6 tie_word_embeddings=true layer_norm_epsilon=1e-06
    xlm-roberta: class=XLMRobertaModel num_hidden_layers=12 hidden_size=768 vocab_size=30522 intermediate_size=3072 num_attention_heads=12 tie_word_embeddings=true type_vocab_size=2 max_position_embeddings=512 layer_norm_eps=1e-12
`;

export interface ClassDefaults {
  readonly keys: readonly string[];
  has(key: string): boolean;
  /** The first of these keys that the class has; null when it has none. */
  ownKey(keys: readonly string[]): string | null;
  /** The value that an absent key becomes; undefined when the class has no such key or it cannot be computed. */
  value(key: string, hidden: number | null, heads: number | null): ClassDefault | undefined;
  /** The `model_type` of a section without one, e.g. `gemma3_text`. */
  readonly textType: string | null;
  /** What `architectures` names for this type; null for a section's type, which has none of its own. */
  readonly architecture: string | null;
}

const rows = new Map<string, string>();
for (const line of TABLE.trim().split('\n')) {
  const [type = '', fields = ''] = line.trim().split(': ');
  rows.set(type, fields);
}

/** The defaults of a `model_type`; null for one that transformers does not know (config.json is then read as it is). */
export function classDefaults(modelType: string | null): ClassDefaults | null {
  const row = rows.get(modelType ?? '');
  if (row === undefined) return null;
  const fields = new Map(row.split(' ').map((pair) => pair.split('=', 2) as [string, string]));
  return {
    // What every class inherits is written only where it differs from the common default.
    keys: [...fields.keys()].filter((key) => !['class', 'text_config', 'tie_word_embeddings'].includes(key)),
    has: (key) => fields.has(key),
    ownKey: (keys) => keys.find((key) => fields.has(key)) ?? null,
    value: (key, hidden, heads) => evaluate(fields.get(key), hidden, heads),
    textType: fields.get('text_config') ?? null,
    architecture: fields.get('class') ?? null,
  };
}

function evaluate(text: string | undefined, hidden: number | null, heads: number | null): ClassDefault | undefined {
  if (text === undefined) return undefined;
  if (text === 'null') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'heads') return heads ?? undefined;
  if (text === 'hidden/heads') return hidden === null || heads === null ? undefined : hidden / heads;
  if (text.startsWith('hidden*')) return hidden === null ? undefined : hidden * Number(text.slice('hidden*'.length));
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}

/** The `model_type` whose class `architectures` names; null when no type, or more than one, has it. */
export function typeOfArchitecture(name: string): string | null {
  const types = [...rows].filter(([, fields]) => fields.startsWith(`class=${name} `)).map(([type]) => type);
  return types.length === 1 ? (types[0] ?? null) : null;
}

/** Types whose language model is a section of their config.json. */
export function listSectionedTypes(): string[] {
  return [...rows].filter(([, fields]) => / text_config=/.test(fields)).map(([type]) => type);
}
