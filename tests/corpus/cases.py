"""The first corpus: which checkpoint, damaged how, and what must become of it. Only data; the damage is in damage.py."""

from case import CONFIG, equal, is_open, refused
from damage import (
    AWQ, BITSANDBYTES_4, BITSANDBYTES_8, FP8, GPTQ, HQQ, INDEX, MLX, PEFT_MERGE_FORGOTTEN, QUANTO, WEIGHTS, adapter, add_inverse_frequencies,
    add_tokens, change_pre_tokenizer, config_of, drop_config, drop_tensors, edit_index, edit_json, edit_tensors, edit_text, files_of,
    keep_config, lfs_pointer, pickle_weights, put, remove, rename_tensors, scaled_copy, set_config, shard, truncate,
)
from healthy_checkpoints import FAMILIES, save_family, save_smollm2

SHARD_2 = "model-00002-of-00003.safetensors"
ALL_TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.json", "merges.txt")

WRONG_SIZES = [
    equal("llama", "layers-too-many", set_config(num_hidden_layers=6), codes=CONFIG),
    equal("llama", "layers-too-few", set_config(num_hidden_layers=3), codes=CONFIG),
    equal("llama", "layers-missing", drop_config("num_hidden_layers"), codes=CONFIG),
    equal("llama", "hidden-wrong", set_config(hidden_size=96), codes=CONFIG),
    equal("llama", "vocab-too-small", set_config(vocab_size=32000), codes=CONFIG),
    equal("llama", "vocab-too-large", set_config(vocab_size=49280), codes=CONFIG),
    equal("llama-untied", "vocab-too-large", set_config(vocab_size=520), codes=CONFIG),
    equal("llama-untied", "vocab-too-small", set_config(vocab_size=500), codes=CONFIG),
    equal("llama", "ffn-wrong", set_config(intermediate_size=11008), codes=CONFIG),
    equal("llama", "ffn-missing", drop_config("intermediate_size"), codes=CONFIG),
    equal("llama", "story-of-three-fields", set_config(num_hidden_layers=32, hidden_size=3072, vocab_size=32064), codes=CONFIG),
    equal("phi4", "story-of-three-fields", set_config(num_hidden_layers=32, hidden_size=3072, vocab_size=32064), codes=CONFIG),
    equal("phi4", "ffn-wrong", set_config(intermediate_size=112), codes=CONFIG),
    equal("qwen2", "sizes-of-a-sibling", set_config(num_hidden_layers=24, hidden_size=896, intermediate_size=4864), codes=CONFIG),
    equal("qwen2", "layers-as-text", set_config(num_hidden_layers="4"), codes=CONFIG),
    equal("qwen3", "layers-too-many", set_config(num_hidden_layers=28), codes=CONFIG),
    equal("qwen3-moe", "moe-ffn-wrong", set_config(moe_intermediate_size=768), codes=CONFIG),
    equal("qwen3-moe", "experts-too-many", set_config(num_experts=128), codes=CONFIG),
    equal("qwen3-moe", "experts-missing", drop_config("num_experts"), codes=CONFIG),
    equal("mixtral", "experts-missing", drop_config("num_local_experts"), codes=CONFIG),
    equal("mixtral", "experts-too-few", set_config(num_local_experts=2), codes=CONFIG),
    equal("gemma2", "layers-and-ffn-wrong", set_config(num_hidden_layers=26, intermediate_size=9216), codes=CONFIG),
    equal("olmo2", "vocab-wrong", set_config(vocab_size=100352), codes=CONFIG),
    equal("starcoder2", "ffn-missing", drop_config("intermediate_size"), codes=CONFIG),
    equal("starcoder2", "hidden-missing", drop_config("hidden_size"), codes=CONFIG),
    equal("stablelm", "ffn-missing", drop_config("intermediate_size"), codes=CONFIG),
    equal("cohere", "layers-missing", drop_config("num_hidden_layers"), codes=CONFIG),
    equal("gpt2", "layers-wrong", set_config(n_layer=12), codes=CONFIG),
    equal("gpt2", "hidden-missing", drop_config("n_embd"), codes=CONFIG),
    equal("gpt2", "ffn-wrong", set_config(n_inner=3072), codes=CONFIG),
    equal("gpt2", "context-key-of-old-code-missing", drop_config("n_ctx")),
    equal("gpt2", "positions-wrong", set_config(n_positions=2048, n_ctx=2048), codes=CONFIG),
    equal("gpt-neox", "layers-and-ffn-wrong", set_config(num_hidden_layers=6, intermediate_size=2048), codes=CONFIG),
    equal("falcon", "layers-wrong", set_config(num_hidden_layers=32), codes=CONFIG),
    equal("falcon", "kv-heads-as-transformers-saves-them", set_config(num_kv_heads=4)),
    equal("bert", "positions-wrong", set_config(max_position_embeddings=512), codes=CONFIG),
    equal("bert", "token-types-wrong", set_config(type_vocab_size=1), codes=CONFIG),
    equal("bert", "layers-missing", drop_config("num_hidden_layers"), codes=CONFIG),
    equal("roberta", "vocab-missing", drop_config("vocab_size"), codes=CONFIG),
    equal("roberta", "positions-missing", drop_config("max_position_embeddings"), codes=CONFIG),
]

HEADS = [
    equal("llama", "kv-heads-missing", drop_config("num_key_value_heads"), codes=CONFIG),
    equal("llama", "kv-heads-wrong", set_config(num_key_value_heads=4), codes=CONFIG),
    equal("llama", "heads-missing", drop_config("num_attention_heads"), codes=CONFIG),
    equal("llama", "heads-doubled-head-size-kept", set_config(num_attention_heads=8), codes=CONFIG),
    is_open("llama", "heads-doubled-consistently", set_config(num_attention_heads=8, num_key_value_heads=4, head_dim=8), fields=("num_attention_heads",)),
    equal("llama", "heads-and-head-size-missing", drop_config("num_attention_heads", "head_dim"), codes=CONFIG),
    is_open("llama", "all-about-heads-missing", drop_config("num_attention_heads", "num_key_value_heads", "head_dim"), fields=("num_attention_heads",)),
    equal("llama", "heads-doubled-with-inverse-frequencies", add_inverse_frequencies(100000.0, 16), set_config(num_attention_heads=8, num_key_value_heads=4, head_dim=8), codes=CONFIG),
    equal("smollm2-135m", "heads-doubled", set_config(num_attention_heads=18, num_key_value_heads=6, head_dim=32), codes=CONFIG),
    equal("qwen3", "heads-doubled", set_config(num_attention_heads=8, num_key_value_heads=4, head_dim=16), codes=CONFIG),
    equal("qwen3", "head-size-missing", drop_config("head_dim"), codes=CONFIG),
    equal("qwen3", "heads-missing", drop_config("num_attention_heads"), codes=CONFIG),
    equal("qwen3-moe", "heads-doubled", set_config(num_attention_heads=8, num_key_value_heads=4, head_dim=16), codes=CONFIG),
    equal("qwen2", "kv-heads-missing", drop_config("num_key_value_heads"), codes=CONFIG),
    is_open("qwen2", "heads-halved-consistently", set_config(num_attention_heads=2, num_key_value_heads=1), fields=("num_attention_heads",)),
    equal("mistral", "kv-heads-missing", drop_config("num_key_value_heads"), codes=CONFIG),
    equal("mistral-nemo-like", "head-size-missing", drop_config("head_dim"), codes=CONFIG),
    equal("mistral-nemo-like", "head-size-wrong", set_config(head_dim=64), codes=CONFIG),
    equal("gemma2", "head-size-missing", drop_config("head_dim"), codes=CONFIG),
    equal("phi3", "kv-heads-missing", drop_config("num_key_value_heads"), codes=CONFIG),
    equal("phi4", "kv-heads-wrong", set_config(num_key_value_heads=4), codes=CONFIG),
    is_open("phi4", "heads-doubled-consistently", set_config(num_attention_heads=8, num_key_value_heads=2), fields=("num_attention_heads",)),
    equal("olmo2", "kv-heads-missing", drop_config("num_key_value_heads"), codes=CONFIG),
    is_open("gpt2", "heads-doubled", set_config(n_head=8), fields=("n_head",)),
    is_open("gpt-neox", "heads-missing", drop_config("num_attention_heads"), fields=("num_attention_heads",)),
]

WHAT_SHAPES_LEAVE_OPEN = [
    is_open("llama", "rope-theta-missing", drop_config("rope_theta"), fields=("rope_theta",)),
    is_open("llama", "epsilon-missing", drop_config("rms_norm_eps"), fields=("rms_norm_eps",)),
    is_open("llama", "context-missing", drop_config("max_position_embeddings"), fields=("max_position_embeddings",)),
    equal("llama", "rope-theta-missing-with-inverse-frequencies", add_inverse_frequencies(100000.0, 16), drop_config("rope_theta"), codes=CONFIG),
    equal("llama", "rope-theta-wrong-with-inverse-frequencies", add_inverse_frequencies(100000.0, 16), set_config(rope_theta=10000.0), codes=CONFIG),
    equal("smollm2-135m", "rope-theta-missing", drop_config("rope_theta"), codes=CONFIG),
    equal("smollm2-135m", "stripped-to-its-type", keep_config("model_type"), codes=CONFIG),
    is_open("smollm2-135m", "rope-theta-of-another", set_config(rope_theta=10000.0), fields=("rope_theta",)),
    is_open("llama", "stripped-to-its-type", keep_config("model_type"), fields=("num_attention_heads", "rope_theta")),
    is_open("phi4", "stripped-to-type-and-architecture", keep_config("model_type", "architectures"), fields=("num_attention_heads", "rope_theta")),
    is_open("phi4", "original-context-missing", drop_config("original_max_position_embeddings"), fields=("original_max_position_embeddings",)),
    # Every Gemma 2 has the window that the class fills in.
    equal("gemma2", "sliding-window-missing", drop_config("sliding_window")),
    is_open("mistral", "sliding-window-and-theta-missing", drop_config("sliding_window", "rope_theta"), fields=("rope_theta",)),
    is_open("stablelm", "rotary-part-missing", drop_config("partial_rotary_factor"), fields=("partial_rotary_factor",)),
    is_open("cohere", "logit-scale-missing", drop_config("logit_scale"), fields=("logit_scale",)),
    is_open("qwen3-moe", "experts-per-token-missing", drop_config("num_experts_per_tok"), fields=("num_experts_per_tok",)),
    is_open("qwen2", "config-of-smollm2", config_of("smollm2-135m"), fields=("num_attention_heads",)),
    is_open("phi3", "config-of-llama", config_of("llama-untied"), fields=("sliding_window",), codes=(*CONFIG, "model-unsupported-architecture")),
]

DECLARATIONS = [
    equal("llama", "architectures-missing", drop_config("architectures"), codes=CONFIG),
    equal("qwen3", "architectures-null", set_config(architectures=None), codes=CONFIG),
    equal("gemma2", "architectures-missing", drop_config("architectures"), codes=CONFIG),
    equal("bert", "architectures-missing", drop_config("architectures"), codes=CONFIG),
    equal("qwen2", "architecture-of-llama", set_config(architectures=["LlamaForCausalLM"]), codes=(*CONFIG, "model-unsupported-architecture")),
    equal("phi4", "architecture-of-llama", set_config(architectures=["LlamaForCausalLM"]), codes=(*CONFIG, "model-unsupported-architecture")),
    equal("olmo2", "architecture-of-llama", set_config(architectures=["LlamaForCausalLM"], model_type="llama"), codes=(*CONFIG, "model-unsupported-architecture")),
    equal("llama", "type-missing", drop_config("model_type")),
    equal("llama", "type-of-mistral", set_config(model_type="mistral")),
    refused("llama", "architecture-unknown", set_config(architectures=["MyFineLlamaForCausalLM"], model_type="myllama", auto_map={"AutoModelForCausalLM": "modeling_myllama.MyFineLlamaForCausalLM"}), put("modeling_myllama.py", "raise SystemExit\n"), codes=("model-unsupported-architecture", "model-remote-code")),
    equal("llama", "remote-code-beside-a-known-architecture", set_config(auto_map={"AutoModelForCausalLM": "modeling_x.LlamaForCausalLM"}), put("modeling_x.py", "raise SystemExit\n")),
    refused("llama-untied", "output-layer-lost", drop_tensors("lm_head"), codes=("model-weights-missing", "tied-embeddings", *CONFIG)),
    refused("olmo2", "output-layer-lost", drop_tensors("lm_head"), codes=("model-weights-missing", "tied-embeddings", *CONFIG)),
]

CONFIG_TEXT = [
    equal("llama", "byte-order-mark", edit_text("config.json", lambda text: "\ufeff" + text)),
    equal("llama", "bare-infinity", set_config(time_step_limit=[0.0, float("inf")])),
    equal("llama", "layers-given-twice", edit_text("config.json", lambda text: text.replace('"vocab_size"', '"num_hidden_layers": 12,\n  "vocab_size"'))),
    equal("llama", "layers-as-float", set_config(num_hidden_layers=4.0)),
    refused("llama", "trailing-comma", edit_text("config.json", lambda text: text.rstrip().removesuffix("}").rstrip() + ",\n}\n"), codes=("model-config-missing",)),
    refused("llama", "config-cut-off", truncate("config.json", 0.5), codes=("model-config-missing",)),
    refused("llama", "config-missing", remove("config.json"), codes=("model-config-missing",)),
    refused("llama", "config-empty", put("config.json", ""), codes=("model-config-missing",)),
    refused("llama", "config-is-a-list", edit_text("config.json", lambda text: f"[{text}]"), codes=("model-config-missing",)),
    refused("llama", "config-is-an-lfs-pointer", lfs_pointer("config.json"), codes=("model-lfs-pointer",)),
]

WEIGHT_FILES = [
    refused("llama-untied", "shard-missing", shard(), remove(SHARD_2), codes=("model-weights-missing",)),
    refused("llama-untied", "shard-missing-without-index", shard(index=False), remove(SHARD_2), codes=("model-weights-missing",)),
    refused("mixtral", "last-shard-missing", shard(), remove("model-00003-of-00003.safetensors"), codes=("model-weights-missing",)),
    refused("llama-untied", "shard-truncated", shard(), truncate(SHARD_2, 0.7), codes=("model-file-truncated",)),
    refused("qwen2", "weights-truncated", truncate(WEIGHTS, 0.9), codes=("model-file-truncated",)),
    refused("qwen2", "weights-cut-in-the-header", truncate(WEIGHTS, 700), codes=("model-file-truncated", "model-header-invalid")),
    refused("gemma2", "weights-empty", put(WEIGHTS, b""), codes=("model-file-truncated", "model-header-invalid")),
    refused("llama-untied", "shard-is-an-lfs-pointer", shard(), lfs_pointer(SHARD_2), codes=("model-lfs-pointer",)),
    refused("gpt2", "weights-are-an-lfs-pointer", lfs_pointer(WEIGHTS), codes=("model-lfs-pointer",)),
    refused("gpt2", "weights-are-a-web-page", put(WEIGHTS, b"<!DOCTYPE html><html><body>Sign in</body></html>" * 40), codes=("model-header-invalid", "model-file-truncated")),
    equal("llama-untied", "index-missing", shard(index=False)),
    equal("llama-untied", "index-of-an-older-upload", put(INDEX, {"metadata": {}, "weight_map": {"model.norm.weight": "model-00001-of-00002.safetensors"}})),
    equal("llama-untied", "index-names-tensors-that-are-not-there", shard(), edit_index(lambda names: names.update({"model.layers.0.self_attn.rotary_emb.inv_freq": SHARD_2}))),
    equal("llama-untied", "index-lacks-tensors-that-are-there", shard(), edit_index(lambda names: names.pop("model.norm.weight"))),
    equal("llama-untied", "index-names-the-wrong-shard", shard(), edit_index(lambda names: names.update({"model.norm.weight": "model-00001-of-00003.safetensors"}))),
    equal("llama-untied", "index-is-no-json", shard(), put(INDEX, "{")),
    equal("mistral", "consolidated-file-beside-it", scaled_copy("consolidated.safetensors")),
    equal("llama-untied", "copy-beside-it", scaled_copy("model-old.safetensors")),
    equal("llama-untied", "shards-beside-the-whole-file", scaled_copy("keep.safetensors"), shard(), lambda folder: (folder / "keep.safetensors").rename(folder / "model.safetensors")),
    equal("llama", "gguf-beside-it", put("model-q4.gguf", b"GGUF" + bytes(100))),
    refused("llama-untied", "layer-missing", drop_tensors("layers.2."), codes=("model-weights-missing",)),
    refused("llama-untied", "one-tensor-missing", drop_tensors("layers.2.mlp.up_proj"), codes=("model-weights-missing",)),
    refused("qwen3", "final-norm-missing", drop_tensors("model.norm"), codes=("model-weights-missing",)),
    refused("mixtral", "one-expert-missing", drop_tensors("layers.1.block_sparse_moe.experts.3."), codes=("model-weights-missing",)),
    refused("phi3", "embedding-missing", drop_tensors("embed_tokens"), codes=("model-weights-missing",)),
    refused("llama-untied", "output-rows-differ-from-embedding", edit_tensors(lambda tensors: tensors.update({"lm_head.weight": tensors["lm_head.weight"][:500]})), codes=("model-header-invalid", "model-tokenizer-mismatch", "model-weights-missing", *CONFIG)),
]

OTHER_FORMATS = [
    refused("llama", "adapter-only", adapter, remove("config.json"), codes=("model-is-adapter",)),
    refused("llama", "adapter-with-a-config", adapter, codes=("model-is-adapter",)),
    equal("llama", "adapter-beside-the-model", lambda folder: adapter(folder, keep_model=True)),
    refused("llama", "names-of-an-unmerged-adapter", rename_tensors(lambda name: "base_model.model." + name), codes=("model-is-adapter",)),
    refused("llama-untied", "low-rank-parts-inside", PEFT_MERGE_FORGOTTEN, codes=("model-is-adapter",)),
    refused("llama-untied", "bitsandbytes-4-bit", BITSANDBYTES_4, set_config(quantization_config={"quant_method": "bitsandbytes", "load_in_4bit": True, "bnb_4bit_quant_type": "nf4"}), codes=("model-already-quantized",)),
    refused("llama-untied", "bitsandbytes-4-bit-undeclared", BITSANDBYTES_4, codes=("model-already-quantized",)),
    refused("llama-untied", "bitsandbytes-8-bit-undeclared", BITSANDBYTES_8, codes=("model-already-quantized",)),
    refused("mistral", "gptq-undeclared", GPTQ, codes=("model-already-quantized",)),
    refused("mistral", "gptq-3-bit", GPTQ, set_config(quantization_config={"quant_method": "gptq", "bits": 3, "group_size": 128}), codes=("model-already-quantized",)),
    refused("mistral", "awq", AWQ, set_config(quantization_config={"quant_method": "awq", "bits": 4, "group_size": 128}), codes=("model-already-quantized",)),
    refused("mistral", "mlx", MLX, set_config(quantization={"group_size": 64, "bits": 4}), codes=("model-already-quantized",)),
    refused("mistral", "mlx-undeclared", MLX, codes=("model-already-quantized",)),
    refused("mistral", "quanto-undeclared", QUANTO, codes=("model-already-quantized",)),
    refused("mistral", "hqq-undeclared", HQQ, codes=("model-already-quantized",)),
    refused("mistral", "hqq", HQQ, set_config(quantization_config={"quant_method": "hqq"}), codes=("model-already-quantized",)),
    refused("mistral", "fp8-undeclared", FP8, codes=("model-already-quantized",)),
    refused("llama", "pickle-only", pickle_weights, codes=("model-pickle-only",)),
    refused("llama", "gguf-only", remove(WEIGHTS), put("llama-Q4_K_M.gguf", b"GGUF" + bytes(100)), codes=("model-is-gguf",)),
    refused("mistral", "consolidated-only", lambda folder: (folder / WEIGHTS).rename(folder / "consolidated.safetensors"), put("params.json", {"dim": 64, "n_layers": 4}), codes=("model-weights-missing",)),
    refused("llama", "no-weights", remove(WEIGHTS), codes=("model-weights-missing",)),
]

TOKENIZERS = [
    refused("llama", "tokenizer-missing", remove(*ALL_TOKENIZER_FILES), codes=("model-tokenizer-missing",)),
    refused("llama-untied", "tokenizer-missing", remove("tokenizer.model"), codes=("model-tokenizer-missing",)),
    refused("gemma2", "tokenizer-json-in-place-of-model", remove("tokenizer.model"), files_of("mistral", "tokenizer.json"), codes=("model-tokenizer-missing",)),
    refused("phi3", "tokenizer-json-in-place-of-model", remove("tokenizer.model"), files_of("mistral", "tokenizer.json"), codes=("model-tokenizer-missing",)),
    equal("phi4", "tokenizer-class-of-newer-code", edit_json("tokenizer_config.json", lambda config: config.update(tokenizer_class="PreTrainedTokenizerFast"))),
    equal("phi4", "tokenizer-class-missing", edit_json("tokenizer_config.json", lambda config: config.pop("tokenizer_class"))),
    equal("qwen2", "tokenizer-class-unknown", edit_json("tokenizer_config.json", lambda config: config.update(tokenizer_class="TokenizersBackend"))),
    refused("llama", "tokenizer-larger-than-embedding", add_tokens(3, 49152), codes=("model-tokenizer-mismatch",)),
    refused("llama", "pre-tokenizer-changed", edit_json("tokenizer.json", change_pre_tokenizer), codes=("model-tokenizer-mismatch", "model-tokenizer-missing", "model-pre-tokenizer-unknown")),
    refused("llama", "tokenizer-is-an-lfs-pointer", lfs_pointer("tokenizer.json"), codes=("model-lfs-pointer", "model-tokenizer-missing")),
    refused("llama", "tokenizer-is-no-json", truncate("tokenizer.json", 0.5), codes=("model-tokenizer-missing",)),
    refused("llama-untied", "tokenizer-model-is-garbage", put("tokenizer.model", b"not a protocol buffer" * 20), codes=("model-tokenizer-missing", "model-tokenizer-mismatch")),
    refused("llama-untied", "tokenizer-model-is-an-lfs-pointer", lfs_pointer("tokenizer.model"), codes=("model-lfs-pointer",)),
    refused("llama", "vocabulary-without-merges", remove("tokenizer.json", "merges.txt"), codes=("model-tokenizer-missing",)),
    refused("llama-untied", "tokenizer-of-smollm2", remove("tokenizer.model"), files_of("llama", *ALL_TOKENIZER_FILES), codes=("model-tokenizer-mismatch",)),
    refused("qwen3", "tokenizer-much-smaller-than-embedding", remove(*ALL_TOKENIZER_FILES), files_of("llama-untied", "tokenizer.model", "tokenizer_config.json"), codes=("model-tokenizer-mismatch",)),
]



def save_healthy(target, leaf):
    for family in FAMILIES:
        save_family(family, target / family / leaf)
        yield family
    save_smollm2(target / "smollm2-135m" / leaf)
    yield "smollm2-135m"


CASES = [*WRONG_SIZES, *HEADS, *WHAT_SHAPES_LEAVE_OPEN, *DECLARATIONS, *CONFIG_TEXT, *WEIGHT_FILES, *OTHER_FORMATS, *TOKENIZERS]
