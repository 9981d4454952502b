"""Which small models the held-out corpus starts from: class, tokenizer, configuration."""

from tokenizer_files import BPE_TOKENS, PIECES

SIZES = dict(hidden_size=64, intermediate_size=176, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=768)
WIDE = {key: value for key, value in SIZES.items() if key != "num_key_value_heads"}
TOKENS = dict(vocab_size=BPE_TOKENS, bos_token_id=1, eos_token_id=2, pad_token_id=2)
PIECE_TOKENS = dict(vocab_size=PIECES, bos_token_id=1, eos_token_id=2, pad_token_id=0)
TIED = dict(tie_word_embeddings=True)
UNTIED = dict(tie_word_embeddings=False)
MLA = dict(num_key_value_heads=4, q_lora_rank=40, kv_lora_rank=32, qk_rope_head_dim=16, qk_nope_head_dim=24, v_head_dim=24)
ROUTED = dict(n_routed_experts=8, n_shared_experts=1, num_experts_per_tok=2, moe_intermediate_size=48, first_k_dense_replace=1, n_group=2, topk_group=1)
VISION = dict(hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2, image_size=28, patch_size=14)

FAMILIES = {
    "apertus": ("ApertusForCausalLM", "bpe", dict(**SIZES, **TOKENS, **UNTIED, rope_theta=12000000.0, rope_scaling=dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=96))),
    "arcee": ("ArceeForCausalLM", "bpe", dict(**SIZES, **TOKENS, **UNTIED, rope_theta=1000000.0, head_dim=16)),
    "bamba": ("BambaForCausalLM", "bpe", dict(**SIZES, **TOKENS, **UNTIED, attn_layer_indices=[1], mamba_n_heads=8, mamba_d_head=16, mamba_d_state=16, mamba_n_groups=1, attn_rotary_emb=16)),
    "dbrx": ("DbrxForCausalLM", "bpe", dict(d_model=64, n_heads=4, n_layers=3, max_seq_len=768, attn_config=dict(kv_n_heads=2, clip_qkv=8.0, rope_theta=500000.0), ffn_config=dict(ffn_hidden_size=96, moe_num_experts=4, moe_top_k=2), **TOKENS, **UNTIED)),
    "deepseek-v3": ("DeepseekV3ForCausalLM", "bpe", dict(**{**SIZES, **MLA}, **TOKENS, **UNTIED, **ROUTED, rope_scaling=dict(type="yarn", factor=40.0, beta_fast=32, beta_slow=1, mscale=1.0, mscale_all_dim=1.0, original_max_position_embeddings=64))),
    "dots1": ("Dots1ForCausalLM", "bpe", dict(**{**SIZES, "num_key_value_heads": 4}, **TOKENS, **UNTIED, **ROUTED, head_dim=16, scoring_func="sigmoid")),
    "ernie4.5-moe": ("Ernie4_5_MoeForCausalLM", "pieces", dict(**SIZES, **PIECE_TOKENS, **TIED, moe_intermediate_size=88, moe_k=2, moe_num_experts=4, moe_num_shared_experts=1, moe_layer_start_index=1)),
    "falcon-h1": ("FalconH1ForCausalLM", "bpe", dict(**SIZES, **TOKENS, **UNTIED, head_dim=16, mamba_d_ssm=96, mamba_n_heads=6, mamba_d_head=16, mamba_d_state=16, mamba_n_groups=1, mamba_expand=2, embedding_multiplier=5.65, lm_head_multiplier=0.039, key_multiplier=0.39, attention_out_multiplier=0.9375, ssm_in_multiplier=1.25, mlp_multipliers=[0.88, 0.5])),
    "falcon-mamba": ("FalconMambaForCausalLM", "bpe", dict(hidden_size=64, num_hidden_layers=3, state_size=8, **TOKENS, **UNTIED)),
    "glm": ("GlmForCausalLM", "bpe", dict(**SIZES, **TOKENS, **UNTIED, head_dim=16, partial_rotary_factor=0.5)),
    "granite-hybrid": ("GraniteMoeHybridForCausalLM", "bpe", dict(**SIZES, **TOKENS, **TIED, layer_types=["mamba", "attention", "mamba"], num_local_experts=4, num_experts_per_tok=2, shared_intermediate_size=96, mamba_n_heads=8, mamba_d_head=16, mamba_d_state=16, mamba_n_groups=1, embedding_multiplier=12.0, residual_multiplier=0.22, attention_multiplier=0.015625, logits_scaling=6.0)),
    "granite-shared": ("GraniteMoeSharedForCausalLM", "bpe", dict(**SIZES, **TOKENS, **TIED, num_local_experts=4, num_experts_per_tok=2, shared_intermediate_size=96)),
    "hunyuan": ("HunYuanDenseV1ForCausalLM", "bpe", dict(**SIZES, **TOKENS, **UNTIED, head_dim=16)),
    "jamba": ("JambaForCausalLM", "pieces", dict(**SIZES, **PIECE_TOKENS, **UNTIED, num_experts=4, num_experts_per_tok=2, attn_layer_period=3, attn_layer_offset=1, expert_layer_period=2, expert_layer_offset=1, mamba_d_state=8, use_mamba_kernels=False)),
    "mamba2": ("Mamba2ForCausalLM", "bpe", dict(hidden_size=64, num_hidden_layers=3, state_size=16, head_dim=16, num_heads=8, n_groups=1, expand=2, **TOKENS, **UNTIED)),
    "mistral3": ("Mistral3ForConditionalGeneration", "pieces+json", dict(text_config=dict(model_type="mistral", **SIZES, **PIECE_TOKENS, head_dim=16, rope_theta=1000000000.0), vision_config=dict(model_type="pixtral", **VISION), image_token_index=10)),
    "olmo3": ("Olmo3ForCausalLM", "bpe", dict(**SIZES, **TOKENS, **UNTIED, sliding_window=64, rope_theta=500000.0)),
    "phimoe": ("PhimoeForCausalLM", "pieces", dict(**SIZES, **PIECE_TOKENS, **UNTIED, num_local_experts=4, num_experts_per_tok=2, attention_bias=True, lm_head_bias=True)),
    "qwen2-vl": ("Qwen2VLForConditionalGeneration", "bpe", dict(text_config=dict(**SIZES, **TOKENS, rope_theta=1000000.0, rope_scaling=dict(type="mrope", mrope_section=[2, 3, 3])), vision_config=dict(depth=2, embed_dim=32, hidden_size=64, num_heads=2, mlp_ratio=2, patch_size=14))),
    "qwen3-vl": ("Qwen3VLForConditionalGeneration", "bpe", dict(text_config=dict(**SIZES, **TOKENS, head_dim=32, rope_theta=5000000.0, rope_scaling=dict(rope_type="default", mrope_section=[6, 5, 5], mrope_interleaved=True)), vision_config=dict(depth=2, hidden_size=32, intermediate_size=64, num_heads=2, out_hidden_size=64, patch_size=16, deepstack_visual_indexes=[0]), tie_word_embeddings=True)),
    "roberta-reranker": ("RobertaForSequenceClassification", "bpe", dict(**{**WIDE, "max_position_embeddings": 514}, vocab_size=BPE_TOKENS, pad_token_id=1, bos_token_id=0, eos_token_id=2, type_vocab_size=1, num_labels=1)),
    "qwen3-embedding": ("Qwen3Model", "bpe", dict(**SIZES, **TOKENS, **TIED, head_dim=32, rope_theta=1000000.0)),
    "llava": ("LlavaForConditionalGeneration", "pieces", dict(text_config=dict(model_type="llama", **SIZES, **PIECE_TOKENS, rope_theta=10000.0), vision_config=dict(model_type="clip_vision_model", **VISION, projection_dim=32), image_token_index=100)),
    "codegemma-like": ("GemmaForCausalLM", "pieces", dict(**{**SIZES, "num_key_value_heads": 4}, **PIECE_TOKENS, **TIED, head_dim=24)),

    # Families whose code lives beside the weights on the hub: the nearest class of transformers, renamed in held_out_remade.py.
    "internlm3": ("LlamaForCausalLM", "pieces", dict(**SIZES, **PIECE_TOKENS, **UNTIED, rope_theta=50000000.0)),
    "minicpm": ("LlamaForCausalLM", "pieces", dict(**{**SIZES, "num_key_value_heads": 4}, **PIECE_TOKENS, **TIED)),
    "minicpm3": ("DeepseekV3ForCausalLM", "pieces", dict(**{**SIZES, **MLA, "v_head_dim": 16}, **PIECE_TOKENS, **TIED, first_k_dense_replace=3, rope_scaling=None)),
    "orion": ("LlamaForCausalLM", "pieces", dict(**{**SIZES, "num_key_value_heads": 4}, **PIECE_TOKENS, **UNTIED)),
    "xverse": ("LlamaForCausalLM", "pieces+json", dict(**{**SIZES, "num_key_value_heads": 4}, **PIECE_TOKENS, **UNTIED)),
    "exaone3": ("LlamaForCausalLM", "bpe", dict(**SIZES, **TOKENS, **UNTIED, rope_theta=1000000.0)),
    "deci": ("LlamaForCausalLM", "pieces+json", dict(**SIZES, **PIECE_TOKENS, **UNTIED)),
    "eurobert": ("LlamaModel", "bpe", dict(**SIZES, **TOKENS, **TIED, rope_theta=250000.0)),
    "smolvlm": ("LlamaForCausalLM", "bpe", dict(**SIZES, **TOKENS, **UNTIED, rope_theta=100000.0)),
    "mamba-of-the-authors": ("MambaForCausalLM", "bpe", dict(hidden_size=64, num_hidden_layers=3, state_size=16, **TOKENS)),
    "gemma3n": ("Gemma3nForCausalLM", "pieces", dict(**SIZES, **PIECE_TOKENS, head_dim=16, vocab_size_per_layer_input=PIECES, hidden_size_per_layer_input=256, num_kv_shared_layers=0, sliding_window=64, laurel_rank=64)),
    # Sound checkpoints with something unusual about them.
    "llama-chatml": ("LlamaForCausalLM", "bpe", dict(**SIZES, **{**TOKENS, "vocab_size": BPE_TOKENS + 2, "eos_token_id": BPE_TOKENS + 1}, **TIED)),
    "qwen-with-spare-rows": ("Qwen2ForCausalLM", "bpe", dict(**SIZES, **{**TOKENS, "vocab_size": BPE_TOKENS + 128}, **TIED, rope_theta=1000000.0)),
    "llama-upscaled": ("LlamaForCausalLM", "pieces", dict(**{**SIZES, "num_hidden_layers": 6}, **PIECE_TOKENS, **UNTIED)),
    "llama-pruned": ("LlamaForCausalLM", "pieces", dict(**{**SIZES, "num_attention_heads": 3, "num_key_value_heads": 1, "intermediate_size": 72}, **PIECE_TOKENS, **UNTIED, head_dim=32)),
    "llama-with-buffers": ("LlamaForCausalLM", "pieces", dict(**{**SIZES, "num_key_value_heads": 4}, **PIECE_TOKENS, **UNTIED)),
    "llama-sharded": ("LlamaForCausalLM", "pieces+json", dict(**SIZES, **PIECE_TOKENS, **UNTIED, rope_theta=500000.0)),
    "llama-float32": ("LlamaForCausalLM", "pieces", dict(**SIZES, **PIECE_TOKENS, **TIED)),
    "qwen3-fp8": ("Qwen3ForCausalLM", "bpe", dict(**SIZES, **TOKENS, **TIED, head_dim=32, rope_theta=1000000.0)),
    "gpt-oss-mxfp4": ("GptOssForCausalLM", "bpe", dict(**SIZES, **TOKENS, **UNTIED, head_dim=16, num_local_experts=4, num_experts_per_tok=2, rope_theta=150000.0)),
    "gpt2-of-2019": ("GPT2LMHeadModel", "bpe", dict(n_embd=64, n_layer=3, n_head=4, n_positions=768, n_ctx=768, **TOKENS)),
    "bert-masked-lm": ("BertForMaskedLM", "bpe", dict(**{**WIDE, "max_position_embeddings": 512}, vocab_size=BPE_TOKENS, pad_token_id=2)),
    "mistral-long-yarn": ("MistralForCausalLM", "pieces", dict(**{**SIZES, "max_position_embeddings": 8192}, **PIECE_TOKENS, **UNTIED, sliding_window=512, head_dim=16, rope_theta=10000.0, rope_scaling=dict(rope_type="yarn", type="yarn", factor=16.0, original_max_position_embeddings=512))),
    "mixtral-frankenmoe": ("MixtralForCausalLM", "pieces", dict(**SIZES, **PIECE_TOKENS, **UNTIED, num_local_experts=2, num_experts_per_tok=2, sliding_window=None, rope_theta=10000.0)),
}
