"""The held-out corpus, first half: what is wrong with config.json. Only data; the damage is elsewhere."""

from case import CONFIG, equal, is_open, is_safe, refused
from held_out_damage import as_python, config_text, gzipped, keep_only, merge_conflict, one_level_deeper, renamed, with_comments, zipped, WEB_PAGE
from second_damage import delete, new_file, pointer, raw, section, text, values, without

DECLARED = (*CONFIG, "model-unsupported-architecture")
UNREADABLE = ("model-config-missing",)


def text_part(**changes):
    return section("text_config", lambda part: part.update(changes))


def text_part_without(*keys):
    return section("text_config", lambda part: [part.pop(key) for key in keys])


# Mostly: the configuration of the size that everybody uses, over weights of another.
SIZES = [
    equal("apertus", "config-of-the-70b", values(num_hidden_layers=80, hidden_size=8192, intermediate_size=43008), codes=CONFIG),
    equal("arcee", "ffn-of-the-base", values(intermediate_size=18432), codes=CONFIG),
    equal("bamba", "layers-of-the-9b", values(num_hidden_layers=32), codes=CONFIG),
    equal("bamba", "attention-layers-missing", without("attn_layer_indices"), codes=CONFIG),
    equal("dbrx", "depth-and-width-wrong", values(n_layers=40, d_model=6144), codes=CONFIG),
    equal("dbrx", "experts-wrong", section("ffn_config", lambda part: part.update(moe_num_experts=16)), codes=CONFIG),
    equal("deepseek-v3", "layers-and-width-of-the-671b", values(num_hidden_layers=61, hidden_size=7168), codes=CONFIG),
    equal("deepseek-v3", "experts-of-the-671b", values(n_routed_experts=256), codes=CONFIG),
    equal("deepseek-v3", "first-dense-layers-missing", without("first_k_dense_replace"), codes=CONFIG),
    equal("deepseek-v3", "query-rank-wrong", values(q_lora_rank=1536), codes=CONFIG),
    equal("dots1", "shared-experts-wrong", values(n_shared_experts=2), codes=CONFIG),
    equal("ernie4.5-moe", "experts-wrong", values(moe_num_experts=64), codes=CONFIG),
    equal("falcon-h1", "inner-size-wrong", values(mamba_d_ssm=1536), codes=CONFIG),
    equal("falcon-h1", "layers-missing", without("num_hidden_layers"), codes=CONFIG),
    equal("falcon-mamba", "state-size-of-the-7b", values(state_size=16), codes=CONFIG),
    equal("granite-hybrid", "layers-of-the-tiny", values(num_hidden_layers=40), codes=CONFIG),
    equal("granite-hybrid", "shared-ffn-wrong", values(shared_intermediate_size=1024), codes=CONFIG),
    equal("granite-shared", "shared-ffn-missing", without("shared_intermediate_size"), codes=CONFIG),
    equal("hunyuan", "vocabulary-of-the-7b", values(vocab_size=128167), codes=CONFIG),
    equal("jamba", "experts-of-the-mini", values(num_experts=16), codes=CONFIG),
    is_safe("jamba", "attention-period-of-the-mini", values(attn_layer_period=8, attn_layer_offset=4), codes=(*CONFIG, "model-weights-missing"), fields=("attn_layer_period", "attn_layer_offset")),
    equal("mamba2", "state-size-missing", without("state_size"), codes=CONFIG),
    equal("mistral3", "text-layers-wrong", text_part(num_hidden_layers=40, hidden_size=5120), codes=CONFIG),
    equal("olmo3", "four-fields-of-the-7b", values(num_hidden_layers=32, hidden_size=4096, intermediate_size=11008, vocab_size=100278), codes=CONFIG),
    equal("phimoe", "experts-and-width-wrong", values(num_local_experts=16, hidden_size=4096), codes=CONFIG),
    equal("qwen2-vl", "text-layers-of-the-7b", text_part(num_hidden_layers=28), codes=CONFIG),
    equal("qwen3-vl", "text-ffn-missing", text_part_without("intermediate_size"), codes=CONFIG),
    equal("roberta-reranker", "layers-of-the-large", values(num_hidden_layers=24), codes=CONFIG),
    equal("qwen3-embedding", "vocabulary-of-the-base", values(vocab_size=151669), codes=CONFIG),
    equal("llava", "text-layers-left-to-the-class", text_part_without("num_hidden_layers", "intermediate_size"), codes=CONFIG),
    equal("internlm3", "layers-of-the-8b", values(num_hidden_layers=48), codes=CONFIG),
    equal("internlm3", "ffn-missing", without("intermediate_size"), codes=CONFIG),
    equal("minicpm", "vocabulary-of-the-2b", values(vocab_size=122753), codes=CONFIG),
    equal("minicpm3", "latent-rank-wrong", values(kv_lora_rank=256), codes=CONFIG),
    equal("orion", "vocabulary-of-the-14b", values(vocab_size=84608), codes=CONFIG),
    equal("exaone3", "layers-of-the-7b", values(num_layers=32), codes=CONFIG),
    equal("deci", "layers-of-the-7b", values(num_hidden_layers=32), codes=CONFIG),
    equal("deci", "groups-of-one-layer-wrong", values(num_key_value_heads_per_layer=[2, 2, 2]), codes=CONFIG),
    equal("eurobert", "ffn-of-the-610m", values(intermediate_size=4096), codes=CONFIG),
    equal("smolvlm", "text-layers-wrong", text_part(num_hidden_layers=24), codes=CONFIG),
    equal("mamba-of-the-authors", "depth-wrong", values(n_layer=24), codes=CONFIG),
    equal("mamba-of-the-authors", "width-missing", without("d_model"), codes=CONFIG),
    equal("gemma3n", "ffn-of-the-e4b", section("text_config", lambda part: part.update(intermediate_size=[16384] * 3)), codes=CONFIG),
    equal("llama-chatml", "vocabulary-before-the-chat-tokens", values(vocab_size=49152), codes=CONFIG),
    equal("qwen-with-spare-rows", "vocabulary-is-the-tokenizers", values(vocab_size=49152), codes=CONFIG),
    equal("llama-upscaled", "layers-before-the-upscaling", values(num_hidden_layers=3), codes=CONFIG),
    equal("llama-upscaled", "layers-of-another-recipe", values(num_hidden_layers=8), codes=CONFIG),
    equal("llama-pruned", "config-before-pruning", values(num_attention_heads=4, num_key_value_heads=2, intermediate_size=176), codes=CONFIG),
    equal("mixtral-frankenmoe", "experts-of-the-8x7b", values(num_local_experts=8), codes=CONFIG),
    equal("gpt2-of-2019", "config-of-the-small", values(n_embd=768, n_layer=12, n_positions=1024, n_ctx=1024), codes=CONFIG),
    equal("bert-masked-lm", "vocabulary-of-bert-base", values(vocab_size=30522), codes=CONFIG),
    equal("qwen3-fp8", "layers-of-the-8b", values(num_hidden_layers=36), codes=CONFIG),
    equal("mistral-long-yarn", "width-and-ffn-of-the-7b", values(hidden_size=4096, intermediate_size=14336), codes=CONFIG),
]

HEADS = [
    equal("apertus", "heads-doubled", values(num_attention_heads=8, num_key_value_heads=4), codes=CONFIG),
    equal("hunyuan", "heads-doubled", values(num_attention_heads=8, num_key_value_heads=4, head_dim=8), codes=CONFIG),
    equal("dots1", "heads-missing", without("num_attention_heads", "num_key_value_heads"), codes=CONFIG),
    equal("deepseek-v3", "heads-of-the-671b", values(num_attention_heads=128, num_key_value_heads=128), codes=CONFIG),
    equal("glm", "kv-heads-missing", without("num_key_value_heads"), codes=CONFIG),
    equal("falcon-h1", "heads-missing", without("num_attention_heads"), codes=CONFIG),
    equal("internlm3", "kv-heads-missing", without("num_key_value_heads"), codes=CONFIG),
    equal("mistral3", "text-heads-missing", text_part_without("num_attention_heads"), codes=CONFIG),
    equal("smolvlm", "text-heads-missing", text_part_without("num_attention_heads"), codes=CONFIG),
    equal("qwen3-embedding", "head-size-missing", without("head_dim"), codes=CONFIG),
    equal("llama-pruned", "head-size-missing", without("head_dim"), codes=CONFIG),
    is_open("arcee", "heads-doubled-consistently", values(num_attention_heads=8, num_key_value_heads=4, head_dim=8), fields=("num_attention_heads",)),
    is_open("llama-upscaled", "heads-halved-consistently", values(num_attention_heads=2, num_key_value_heads=1, head_dim=32), fields=("num_attention_heads",)),
    is_open("jamba", "heads-halved-consistently", values(num_attention_heads=2, num_key_value_heads=1), fields=("num_attention_heads",)),
    is_open("minicpm", "heads-missing", without("num_attention_heads", "num_key_value_heads"), fields=("num_attention_heads",)),
    is_open("gpt2-of-2019", "heads-of-the-small", values(n_head=8), fields=("n_head", "num_attention_heads")),
    is_open("roberta-reranker", "heads-missing", without("num_attention_heads"), fields=("num_attention_heads",)),
]

LEFT_OPEN = [
    is_open("arcee", "rope-theta-missing", without("rope_theta"), fields=("rope_theta",)),
    is_open("internlm3", "rope-theta-missing", without("rope_theta"), fields=("rope_theta",)),
    is_open("exaone3", "rope-theta-missing", without("rope_theta"), fields=("rope_theta",)),
    is_open("smolvlm", "text-rope-theta-missing", text_part_without("rope_theta"), fields=("rope_theta", "text_config.rope_theta")),
    is_open("orion", "epsilon-missing", without("rms_norm_eps"), fields=("rms_norm_eps",)),
    is_open("minicpm", "scales-missing", without("scale_emb", "scale_depth", "dim_model_base"), fields=("scale_emb", "scale_depth", "dim_model_base")),
    is_open("granite-hybrid", "multipliers-missing", without("embedding_multiplier", "residual_multiplier", "logits_scaling", "attention_multiplier"), fields=("embedding_multiplier", "residual_multiplier", "logits_scaling", "attention_multiplier")),
    is_open("falcon-h1", "multipliers-missing", without("embedding_multiplier", "lm_head_multiplier", "key_multiplier", "mlp_multipliers"), fields=("embedding_multiplier", "lm_head_multiplier", "key_multiplier", "mlp_multipliers")),
    is_open("deepseek-v3", "expert-groups-missing", without("n_group", "topk_group"), fields=("n_group", "topk_group")),
    is_open("dots1", "experts-per-token-missing", without("num_experts_per_tok"), fields=("num_experts_per_tok",)),
    is_safe("qwen3-vl", "rope-sections-missing", text_part_without("rope_scaling"), fields=("rope_scaling", "text_config.rope_scaling", "mrope_section"), codes=CONFIG),
    is_safe("mistral-long-yarn", "original-context-missing", section("rope_scaling", lambda part: part.pop("original_max_position_embeddings")), fields=("rope_scaling", "original_max_position_embeddings", "rope_scaling.original_max_position_embeddings"), codes=CONFIG),
    is_open("olmo3", "stripped-to-its-type", keep_only("model_type"), fields=("num_attention_heads", "rope_theta")),
    is_open("exaone3", "stripped-to-type-and-class", keep_only("model_type", "architectures"), fields=("num_attention_heads", "rope_theta")),
]

CLASSES = [
    equal("phimoe", "class-as-transformers-spells-it", values(architectures=["PhimoeForCausalLM"]), codes=DECLARED),
    equal("hunyuan", "class-missing", without("architectures"), codes=DECLARED),
    equal("internlm3", "class-only-in-the-auto-map", without("architectures"), codes=DECLARED),
    equal("llama-float32", "class-of-the-backbone", values(architectures=["LlamaModel"]), codes=DECLARED),
    equal("llama-sharded", "class-of-a-peft-wrapper", values(architectures=["PeftModelForCausalLM"]), codes=DECLARED),
    equal("mixtral-frankenmoe", "class-of-a-compiled-model", values(architectures=["OptimizedModule"]), codes=DECLARED),
    equal("arcee", "class-of-an-fsdp-wrapper", values(architectures=["FSDPArceeForCausalLM"]), codes=DECLARED),
    equal("llama-with-buffers", "class-of-early-2023", values(architectures=["LLaMAForCausalLM"]), codes=DECLARED),
    is_safe("dots1", "class-and-type-of-deepseek", values(architectures=["DeepseekForCausalLM"], model_type="deepseek"), codes=(*DECLARED, "model-weights-missing"), fields=("architectures", "model_type")),
    is_safe("mistral3", "text-only-class-over-the-whole", values(architectures=["MistralForCausalLM"], model_type="mistral"), codes=DECLARED),
    refused("gpt2-of-2019", "really-a-gpt-j", values(architectures=["GPTJForCausalLM"], model_type="gptj", rotary_dim=8), renamed(r"^h\.", "transformer.h."), codes=("model-unsupported-architecture",)),
    refused("arcee", "really-an-opt", values(architectures=["OPTForCausalLM"], model_type="opt", ffn_dim=176), renamed(r"^model\.", "model.decoder."), codes=("model-unsupported-architecture",)),
    is_safe("hunyuan", "declared-tied-though-it-is-not", values(tie_word_embeddings=True), codes=(*CONFIG, "tied-embeddings"), fields=("tie_word_embeddings",)),
    equal("arcee", "declared-tied-though-it-is-not", values(tie_word_embeddings=True), codes=(*CONFIG, "tied-embeddings")),
    equal("llama-sharded", "another-precision-declared", values(dtype="float32", torch_dtype="float16")),
    equal("llama-float32", "no-precision-by-that-name", values(dtype="bf16-mixed")),
]

VALUES = [
    equal("mixtral-frankenmoe", "numbers-as-text", values(num_hidden_layers="3", num_local_experts="2", hidden_size="64"), codes=CONFIG),
    equal("llama-pruned", "layers-null", values(num_hidden_layers=None), codes=CONFIG),
    equal("olmo3", "layers-negative", values(num_hidden_layers=-1), codes=CONFIG),
    equal("eurobert", "layers-enormous", values(num_hidden_layers=4096), codes=CONFIG),
    equal("arcee", "layers-true", values(num_hidden_layers=True), codes=CONFIG),
    equal("phimoe", "width-in-a-list", values(hidden_size=[64]), codes=CONFIG),
    equal("qwen-with-spare-rows", "padding-token-minus-one", values(pad_token_id=-1), codes=CONFIG),
    equal("qwen-with-spare-rows", "ends-in-a-list", values(eos_token_id=[2, 0])),
    equal("llama-chatml", "end-beyond-the-vocabulary", values(eos_token_id=128009)),
]

TEXT = [
    is_safe("apertus", "trailing-comma", config_text(lambda content: content.rstrip().removesuffix("}").rstrip() + ",\n}\n"), codes=UNREADABLE),
    is_safe("apertus", "comments", config_text(with_comments), codes=UNREADABLE),
    is_safe("deci", "printed-by-python", config_text(as_python), codes=UNREADABLE),
    is_safe("deci", "json-inside-a-string", config_text(lambda content: '"' + content.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'), codes=UNREADABLE),
    is_safe("orion", "comma-forgotten", text("config.json", r'("num_hidden_layers": 3),', r"\1"), codes=UNREADABLE),
    is_safe("xverse", "typographic-quotes", config_text(lambda content: content.replace('"hidden_size"', "\u201chidden_size\u201d")), codes=UNREADABLE),
    is_safe("glm", "one-level-too-deep", one_level_deeper, codes=(*UNREADABLE, *DECLARED), fields=("architectures", "num_attention_heads", "rope_theta")),
    is_safe("xverse", "gzipped", raw("config.json", gzipped), codes=UNREADABLE),
    is_safe("xverse", "saved-as-unicode-by-windows", config_text(lambda content: content.encode("utf-16")), codes=UNREADABLE),
    equal("internlm3", "byte-order-mark-and-windows-lines", raw("config.json", lambda content: b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n"))),
    equal("granite-shared", "not-a-number", text("config.json", r'"initializer_range": [\d.]+', '"initializer_range": NaN')),
    refused("minicpm3", "merge-conflict", config_text(merge_conflict), codes=UNREADABLE),
    refused("llava", "web-page", new_file("config.json", WEB_PAGE), codes=UNREADABLE),
    refused("llava", "not-found-by-the-hub", new_file("config.json", "Entry not found"), codes=UNREADABLE),
    refused("smolvlm", "an-archive", raw("config.json", zipped("config.json")), codes=UNREADABLE),
    refused("dbrx", "cut-in-the-middle", raw("config.json", lambda content: content[: len(content) // 2]), codes=UNREADABLE),
    is_open("ernie4.5-moe", "empty-object", new_file("config.json", "{}"), fields=("architectures", "model_type", "num_attention_heads", "rope_theta"), codes=(*DECLARED, *UNREADABLE)),
    refused("mamba2", "a-pointer", pointer("config.json"), codes=("model-lfs-pointer",)),
    refused("dots1", "missing", delete("config.json"), codes=UNREADABLE),
]

CASES = [*SIZES, *HEADS, *LEFT_OPEN, *CLASSES, *VALUES, *TEXT]
