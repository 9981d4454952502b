"""The second corpus: the first held-out one, whose misses have been seen since, so that it is one of the first now."""

from case import CONFIG, equal, is_open, refused
from second_checkpoints import save_healthy  # noqa: F401  (make_corpus.py calls it)
from second_damage import (
    as_pickle, config, delete, doubled, json_file, linear, lose, new_file, pointer, prefixed, raw, rename, section, split, tensors,
    text, values, without, zeros,
)

INDEX = "model.safetensors.index.json"
WEIGHTS = "model.safetensors"
QUANTIZED = ("model-already-quantized",)
MISSING = ("model-weights-missing",)
TOKENIZER = ("model-tokenizer-missing", "model-tokenizer-mismatch", "model-pre-tokenizer-unknown")


def swap_query_rows(name, dtype, shape, content):
    """Half of the rows of one query projection: a tensor of another model, or a failed merge."""
    if name.endswith("layers.1.self_attn.q_proj.weight"):
        return [(name, dtype, [shape[0] // 2, shape[1]], content[: len(content) // 2])]
    return [(name, dtype, shape, content)]


SIZES = [
    equal("granite", "layers-too-many", values(num_hidden_layers=40), codes=CONFIG),
    equal("granite", "three-fields-missing", without("num_hidden_layers", "vocab_size", "intermediate_size"), codes=CONFIG),
    equal("granite", "sizes-of-two-billion", values(num_hidden_layers=40, hidden_size=2048, intermediate_size=8192, vocab_size=49155), codes=CONFIG),
    equal("granite-moe", "experts-missing", without("num_local_experts"), codes=CONFIG),
    equal("granite-moe", "ffn-wrong", values(intermediate_size=512), codes=CONFIG),
    equal("bloom", "layers-wrong", values(n_layer=30), codes=CONFIG),
    equal("bloom", "hidden-missing", without("hidden_size"), codes=CONFIG),
    equal("mpt", "layers-wrong", values(n_layers=24), codes=CONFIG),
    equal("mpt", "width-wrong", values(d_model=2048), codes=CONFIG),
    equal("mamba", "layers-too-few", values(num_hidden_layers=2), codes=CONFIG),
    equal("mamba", "state-size-wrong", values(state_size=16), codes=CONFIG),
    equal("deepseek-v2", "layers-wrong", values(num_hidden_layers=27), codes=CONFIG),
    equal("deepseek-v2", "latent-rank-wrong", values(kv_lora_rank=512), codes=CONFIG),
    equal("deepseek-v2", "experts-wrong", values(n_routed_experts=64), codes=CONFIG),
    equal("deepseek-v2", "expert-ffn-missing", without("moe_intermediate_size"), codes=CONFIG),
    equal("gpt-oss", "experts-wrong", values(num_local_experts=32), codes=CONFIG),
    equal("gpt-oss", "layers-missing", without("num_hidden_layers"), codes=CONFIG),
    equal("cohere2", "vocab-wrong", values(vocab_size=256000), codes=CONFIG),
    equal("phi2", "layers-and-width-wrong", values(num_hidden_layers=32, hidden_size=2560, intermediate_size=10240), codes=CONFIG),
    equal("smollm3", "layers-missing", without("num_hidden_layers"), codes=CONFIG),
    equal("gemma3-text", "width-wrong", values(hidden_size=1152), codes=CONFIG),
    equal("gemma", "ffn-missing", without("intermediate_size"), codes=CONFIG),
    equal("modernbert", "layers-wrong", values(num_hidden_layers=22), codes=CONFIG),
    equal("modernbert", "ffn-wrong", values(intermediate_size=1152), codes=CONFIG),
    equal("distilbert", "layers-wrong", values(n_layers=6), codes=CONFIG),
    equal("distilbert", "ffn-wrong", values(hidden_dim=3072), codes=CONFIG),
    equal("glm4", "layers-wrong", values(num_hidden_layers=40), codes=CONFIG),
    equal("nemotron", "ffn-wrong", values(intermediate_size=9216), codes=CONFIG),
    equal("qwen2-moe", "shared-ffn-wrong", values(shared_expert_intermediate_size=5632), codes=CONFIG),
    equal("qwen2-moe", "experts-missing", without("num_experts"), codes=CONFIG),
    equal("lfm2", "layers-wrong", config(lambda content: content.update(num_hidden_layers=16)), codes=CONFIG),
    equal("olmo", "hidden-wrong", values(hidden_size=2048), codes=CONFIG),
    equal("olmoe", "experts-wrong", values(num_experts=64), codes=CONFIG),
    equal("starcoder", "layers-wrong", values(n_layer=20), codes=CONFIG),
    equal("ernie4.5", "vocab-wrong", values(vocab_size=103424), codes=CONFIG),
    equal("seed-oss", "layers-wrong", values(num_hidden_layers=64), codes=CONFIG),
    equal("llama-with-biases", "layers-and-vocab-wrong", values(num_hidden_layers=2, vocab_size=49153), codes=CONFIG),
    equal("phi3-long", "ffn-and-layers-wrong", values(intermediate_size=8192, num_hidden_layers=32), codes=CONFIG),
    equal("gemma3-vision", "layers-of-the-text-part-wrong", section("text_config", lambda part: part.update(num_hidden_layers=34)), codes=CONFIG),
    equal("gemma3-vision", "ffn-of-the-text-part-missing", section("text_config", lambda part: part.pop("intermediate_size")), codes=CONFIG),
    equal("glm4-moe-with-prediction-layer", "prediction-layer-undeclared", without("num_nextn_predict_layers"), codes=CONFIG),
    equal("glm4-moe-with-prediction-layer", "layers-wrong", values(num_hidden_layers=46), codes=CONFIG),
    equal("llama-of-2023", "ffn-wrong", values(intermediate_size=256), codes=CONFIG),
]

HEADS = [
    equal("granite", "kv-heads-missing", without("num_key_value_heads"), codes=CONFIG),
    equal("gpt-oss", "heads-doubled", values(num_attention_heads=12, num_key_value_heads=4, head_dim=16), codes=CONFIG),
    equal("gpt-oss", "heads-missing", without("num_attention_heads"), codes=CONFIG),
    equal("gemma3-text", "heads-doubled", values(num_attention_heads=12, num_key_value_heads=4, head_dim=16), codes=CONFIG),
    equal("gemma3-text", "head-size-missing", without("head_dim"), codes=CONFIG),
    equal("gemma", "kv-heads-missing", without("num_key_value_heads"), codes=CONFIG),
    equal("exaone4", "heads-halved", values(num_attention_heads=3, num_key_value_heads=1, head_dim=32), codes=CONFIG),
    equal("smollm3", "kv-heads-wrong", values(num_key_value_heads=6), codes=CONFIG),
    equal("cohere2", "kv-heads-missing", without("num_key_value_heads"), codes=CONFIG),
    equal("glm4", "kv-heads-missing", without("num_key_value_heads"), codes=CONFIG),
    equal("seed-oss", "head-size-missing", without("head_dim"), codes=CONFIG),
    equal("falcon-40b-like", "kv-heads-wrong", values(num_kv_heads=6), codes=CONFIG),
    equal("phi3-long", "kv-heads-missing", without("num_key_value_heads"), codes=CONFIG),
    equal("gemma3-vision", "heads-of-the-text-part-doubled", section("text_config", lambda part: part.update(num_attention_heads=12, num_key_value_heads=4, head_dim=16)), codes=CONFIG),
    equal("lfm2", "kv-heads-wrong", values(num_key_value_heads=6), codes=CONFIG),
    equal("qwen3-reranker-like", "heads-and-kv-heads-missing", without("num_attention_heads", "num_key_value_heads"), codes=CONFIG),
    is_open("granite", "heads-doubled-consistently", values(num_attention_heads=12, num_key_value_heads=4), fields=("num_attention_heads",)),
    is_open("bloom", "heads-missing", without("n_head"), fields=("n_head", "num_attention_heads")),
    is_open("mpt", "heads-halved", values(n_heads=3), fields=("n_heads", "num_attention_heads")),
    equal("phi2", "heads-missing", without("num_attention_heads"), codes=CONFIG),
    is_open("phi2", "heads-and-kv-heads-missing", without("num_attention_heads", "num_key_value_heads"), fields=("num_attention_heads",)),
    is_open("modernbert", "heads-missing", without("num_attention_heads"), fields=("num_attention_heads",)),
]

LEFT_OPEN = [
    is_open("granite", "multipliers-missing", without("embedding_multiplier", "residual_multiplier", "logits_scaling", "attention_multiplier"), fields=("embedding_multiplier", "residual_multiplier", "logits_scaling", "attention_multiplier")),
    is_open("smollm3", "rope-theta-missing", without("rope_theta"), fields=("rope_theta",)),
    equal("gpt-oss", "rope-scaling-missing", without("rope_scaling")),
    equal("gpt-oss", "sliding-window-missing", without("sliding_window")),
    is_open("phi2", "rotary-part-missing", without("partial_rotary_factor"), fields=("partial_rotary_factor",)),
    is_open("gemma3-text", "sliding-window-missing", without("sliding_window"), fields=("sliding_window",)),
    is_open("deepseek-v2", "experts-per-token-missing", without("num_experts_per_tok"), fields=("num_experts_per_tok",)),
    is_open("cohere2", "logit-scale-missing", without("logit_scale"), fields=("logit_scale",)),
    is_open("exaone4", "stripped", config(lambda content: [content.pop(key) for key in list(content) if key not in ("model_type", "architectures")]), fields=("num_attention_heads", "rope_theta")),
    is_open("granite-moe", "experts-per-token-missing", without("num_experts_per_tok"), fields=("num_experts_per_tok",)),
    is_open("llama-with-biases", "epsilon-missing", without("rms_norm_eps"), fields=("rms_norm_eps",)),
]

DECLARED = [
    equal("mpt", "class-as-transformers-spells-it", values(architectures=["MptForCausalLM"]), codes=(*CONFIG, "model-unsupported-architecture")),
    equal("modernbert", "epsilon-under-one-name", without("layer_norm_eps")),
    equal("granite", "architectures-empty", values(architectures=[]), codes=CONFIG),
    equal("smollm3", "architecture-of-llama", values(architectures=["LlamaForCausalLM"])),
    equal("cohere2", "architecture-of-cohere", values(architectures=["CohereForCausalLM"]), codes=(*CONFIG, "model-unsupported-architecture")),
    equal("gemma3-text", "architectures-missing", without("architectures"), codes=CONFIG),
    equal("qwen3-reranker-like", "architecture-of-qwen2", values(architectures=["Qwen2ForCausalLM"], model_type="qwen2"), codes=(*CONFIG, "model-unsupported-architecture")),
    equal("llama-with-biases", "biases-denied", values(attention_bias=False)),
    equal("olmo", "architectures-as-text", values(architectures="OlmoForCausalLM"), codes=(*CONFIG, "model-unsupported-architecture")),
    refused("lfm2", "architecture-invented", values(architectures=["TurboForCausalLM"], model_type="turbo"), codes=("model-unsupported-architecture",)),
    equal("phi3-long", "comment-like-key", config(lambda content: content.update({"//": "made by hand", "__proto__": {"a": 1}}))),
    refused("seed-oss", "output-layer-lost", lose(r"^lm_head"), codes=(*MISSING, "tied-embeddings", *CONFIG)),
]

TEXT = [
    equal("bloom", "byte-order-mark", raw("config.json", lambda content: b"\xef\xbb\xbf" + content)),
    equal("mamba", "not-a-number", text("config.json", r'"initializer_range": [\d.]+', '"initializer_range": NaN')),
    equal("mamba", "infinity-and-layers-wrong", config(lambda content: content.update(num_hidden_layers=9, time_step_limit=[0.0, float("inf")])), codes=CONFIG),
    refused("olmo", "single-quotes", raw("config.json", lambda content: content.replace(b'"', b"'")), codes=("model-config-missing",)),
    refused("olmo", "utf-16", raw("config.json", lambda content: content.decode().encode("utf-16")), codes=("model-config-missing",)),
    refused("phi2", "conflict-markers", raw("config.json", lambda content: b"<<<<<<< HEAD\n" + content + b"\n=======\n{}\n>>>>>>> main\n"), codes=("model-config-missing",)),
    refused("phi2", "config-is-null", new_file("config.json", "null"), codes=("model-config-missing",)),
    refused("gemma", "config-is-a-pointer", pointer("config.json"), codes=("model-lfs-pointer",)),
]

FILES = [
    refused("nemotron", "second-of-four-missing", split(4), delete("model-00002-of-00004.safetensors"), codes=MISSING),
    refused("nemotron", "second-of-four-missing-no-index", split(4, False), delete("model-00002-of-00004.safetensors"), codes=MISSING),
    refused("gemma", "cut-by-one-byte", raw(WEIGHTS, lambda content: content[:-1]), codes=("model-file-truncated",)),
    refused("gemma", "cut-shard", split(2), raw("model-00001-of-00002.safetensors", lambda content: content[:5000]), codes=("model-file-truncated",)),
    refused("gemma", "shard-is-a-pointer", split(2), pointer("model-00002-of-00002.safetensors"), codes=("model-lfs-pointer",)),
    refused("gemma", "header-bytes-lost", raw(WEIGHTS, lambda content: content[8:]), codes=("model-header-invalid", "model-file-truncated")),
    refused("gemma", "all-zero", raw(WEIGHTS, lambda content: bytes(len(content))), codes=("model-header-invalid",)),
    refused("gemma", "bytes-after-the-end", raw(WEIGHTS, lambda content: content + bytes(64)), codes=("model-header-invalid",)),
    equal("ernie4.5", "index-of-a-wider-split", split(2), json_file(INDEX, lambda index: index["weight_map"].update({"model.layers.9.mlp.up_proj.weight": "model-00002-of-00002.safetensors"}))),
    equal("ernie4.5", "index-without-map", split(2), new_file(INDEX, '{"metadata": {}}')),
    equal("ernie4.5", "index-absent", split(3, False)),
    equal("ernie4.5", "pytorch-index-beside-it", new_file("pytorch_model.bin.index.json", '{"weight_map": {"a": "pytorch_model-00001-of-00001.bin"}}')),
    equal("ernie4.5", "best-copy-beside-it", doubled("model-best.safetensors")),
    equal("ernie4.5", "consolidated-beside-it", doubled("consolidated.safetensors")),
    equal("ernie4.5", "other-precision-in-a-folder", doubled("fp32/model.safetensors")),
    equal("ernie4.5", "pickle-beside-it", new_file("pytorch_model.bin", b"\x80\x04.")),
    equal("ernie4.5", "training-state-beside-it", new_file("optimizer.pt", b"\x80\x04."), new_file("trainer_state.json", "{}"), new_file("training_args.bin", b"\x80\x04.")),
    refused("smollm3", "layer-lost", lose(r"layers\.1\."), codes=MISSING),
    refused("smollm3", "norm-of-one-layer-lost", lose(r"layers\.1\.post_attention_layernorm"), codes=MISSING),
    refused("glm4", "key-projection-lost", lose(r"layers\.0\.self_attn\.k_proj"), codes=MISSING),
    refused("qwen2-moe", "expert-lost", lose(r"layers\.2\.mlp\.experts\.4\.down_proj"), codes=MISSING),
    refused("bloom", "norm-of-the-embedding-lost", lose(r"word_embeddings_layernorm"), codes=MISSING),
    refused("granite", "query-of-one-layer-half", tensors(swap_query_rows), codes=("model-weights-missing", "model-header-invalid", *CONFIG)),
]

FORMATS = [
    refused("olmo", "adapter-only", delete(WEIGHTS, "config.json"), new_file("adapter_config.json", '{"peft_type": "LORA", "base_model_name_or_path": "a/b"}'), new_file("adapter_model.bin", b"\x80\x04."), codes=("model-is-adapter",)),
    refused("olmo", "adapter-names", prefixed("base_model.model."), codes=("model-is-adapter",)),
    refused("nemotron", "low-rank-tensors-added", tensors(lambda name, *rest: [(name, *rest), *([zeros(name.replace(".weight", ".lora_A.weight"), "F32", [4, 96])] if "q_proj" in name else [])]), codes=("model-is-adapter",)),
    refused("nemotron", "bitsandbytes-nested", linear(lambda base, shape: [zeros(base + ".weight", "U8", [shape[0] * shape[1] // 2, 1]), zeros(base + ".weight.absmax", "U8", [shape[0]]), zeros(base + ".weight.nested_absmax", "F32", [1])]), codes=QUANTIZED),
    refused("ernie4.5", "eight-bit", linear(lambda base, shape: [zeros(base + ".weight", "I8", shape), zeros(base + ".SCB", "F32", [shape[0]]), zeros(base + ".weight_format", "U8", [])]), values(quantization_config={"load_in_8bit": True, "quant_method": "bitsandbytes"}), codes=QUANTIZED),
    refused("ernie4.5", "awq-undeclared", linear(lambda base, shape: [zeros(base + ".qweight", "I32", [shape[1], max(1, shape[0] // 8)]), zeros(base + ".qzeros", "I32", [1, max(1, shape[0] // 8)]), zeros(base + ".scales", "F16", [1, shape[0]])]), codes=QUANTIZED),
    # The weights are whole: what a merge of an adapter leaves behind.
    equal("ernie4.5", "eetq-left-over", values(quantization_config={"quant_method": "eetq"}), codes=CONFIG),
    refused("ernie4.5", "aqlm", linear(lambda base, shape: [zeros(base + ".codes", "I8", [shape[0], 12, 1]), zeros(base + ".codebooks", "F16", [1, 256, 1, 8])]), values(quantization_config={"quant_method": "aqlm"}), codes=QUANTIZED),
    refused("nemotron", "mlx-eight-bit", linear(lambda base, shape: [zeros(base + ".weight", "U32", [shape[0], shape[1] // 4]), zeros(base + ".scales", "BF16", [shape[0], 2]), zeros(base + ".biases", "BF16", [shape[0], 2])]), values(quantization={"group_size": 64, "bits": 8}), codes=QUANTIZED),
    refused("nemotron", "fp8-with-scales-undeclared", linear(lambda base, shape: [zeros(base + ".weight", "F8_E4M3", shape), zeros(base + ".weight_scale", "F32", [1])]), codes=QUANTIZED),
    refused("nemotron", "int-weights-undeclared", linear(lambda base, shape: [zeros(base + ".weight", "I8", shape)]), codes=(*QUANTIZED, "model-header-invalid")),
    refused("phi2", "pickle-only", as_pickle("pytorch_model.bin"), codes=("model-pickle-only",)),
    refused("phi2", "checkpoint-file-only", as_pickle("model.ckpt"), codes=("model-pickle-only",)),
    refused("phi2", "gguf-in-a-folder-only", rename(WEIGHTS, "phi2-q8.gguf"), codes=("model-is-gguf",)),
    refused("phi2", "diffusers-name", rename(WEIGHTS, "diffusion_pytorch_model.safetensors"), codes=MISSING),
]

TOKENS = [
    refused("gemma", "tokenizer-lost", delete("tokenizer.model", "tokenizer_config.json", "special_tokens_map.json"), codes=TOKENIZER),
    refused("gemma", "tokenizer-cut", raw("tokenizer.model", lambda content: content[: len(content) // 2]), codes=TOKENIZER),
    refused("phi3-long", "tokenizer-lost", delete("tokenizer.model"), codes=TOKENIZER),
    equal("phi3-long", "added-tokens-file", new_file("added_tokens.json", "{}")),
    refused("granite", "merges-changed", json_file("tokenizer.json", lambda content: content["model"].update(merges=content["model"]["merges"][:20000])), codes=TOKENIZER),
    refused("granite", "normalizer-added", json_file("tokenizer.json", lambda content: content.update(normalizer={"type": "Lowercase"})), codes=TOKENIZER),
    refused("granite", "chat-tokens-beyond-embedding", json_file("tokenizer.json", lambda content: content["added_tokens"].append({"id": 49160, "content": "<|tool|>", "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True})), codes=("model-tokenizer-mismatch",)),
    refused("smollm3", "tokenizer-json-empty", new_file("tokenizer.json", ""), codes=TOKENIZER),
    equal("smollm3", "tokenizer-class-invented", json_file("tokenizer_config.json", lambda content: content.update(tokenizer_class="SmolTokenizerFast"))),
    equal("smollm3", "slow-files-missing", delete("vocab.json", "merges.txt")),
    refused("nemotron", "vocabulary-of-another", delete("tokenizer.model"), new_file("tokenizer.json", '{"version": "1.0", "model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": []}, "added_tokens": []}'), codes=TOKENIZER),
]

CASES = [*SIZES, *HEADS, *LEFT_OPEN, *DECLARED, *TEXT, *FILES, *FORMATS, *TOKENS]
