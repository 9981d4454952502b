"""The held-out corpus: nothing in the product was written with these checkpoints at hand. Only data."""

from case import CONFIG, equal, is_safe, refused
from damage import files_of
from held_out_checkpoints import save_healthy  # noqa: F401  (make_corpus.py calls it)
from held_out_config_cases import CASES as CONFIG_CASES
from held_out_damage import (
    AWQ, EXL2, GPTQ_ONE_LAYER, MLX_4, NF4, TORCHAO, VPTQ, WEB_PAGE, WEIGHTS, add_token, added, copy, deepspeed, first_offsets_overlap, fsdp, gzipped,
    half_merged, into_folder, move, noise, renamed, swap_files, zipped,
)
from second_damage import as_pickle, delete, doubled, json_file, lose, new_file, pointer, prefixed, raw, split, values, without

INDEX = "model.safetensors.index.json"
SECOND = "model-00002-of-00003.safetensors"
MISSING = ("model-weights-missing",)
BROKEN = ("model-header-invalid", "model-file-truncated")
ADAPTER = ("model-is-adapter",)
QUANTIZED = ("model-already-quantized",)
PICKLE = ("model-pickle-only",)
# A name that no class has: all that it should have been is missing.
NAMES = (*MISSING, *CONFIG, "model-header-invalid", "model-unsupported-architecture", "model-index-disagrees")
TOKENIZER = ("model-tokenizer-missing", "model-tokenizer-mismatch", "model-pre-tokenizer-unknown", "model-tokenizer-class-wrong", "model-tokenizer-too-new")

SHARDS = [
    refused("llama-sharded", "last-shard-missing", delete("model-00003-of-00003.safetensors"), codes=MISSING),
    refused("llama-sharded", "shard-still-downloading", move(r"(00002-of-00003\.safetensors)$", r"\1.incomplete"), codes=MISSING),
    refused("llama-sharded", "shard-is-a-pointer", pointer(SECOND), codes=("model-lfs-pointer",)),
    refused("llama-sharded", "shard-is-another-twice", copy("model-00001-of-00003.safetensors", SECOND), codes=(*MISSING, "model-index-disagrees")),
    refused("llama-sharded", "shard-cut", raw(SECOND, lambda content: content[: len(content) * 2 // 3]), codes=BROKEN),
    refused("llama-sharded", "shard-is-a-web-page", new_file(SECOND, WEB_PAGE), codes=BROKEN),
    refused("granite-hybrid", "first-of-two-missing-without-index", split(2, False), delete("model-00001-of-00002.safetensors"), codes=MISSING),
    equal("llama-sharded", "browser-renamed-a-shard", move(r"(00002-of-00003)\.safetensors$", r"\1 (1).safetensors")),
    equal("llama-sharded", "browser-fetched-a-shard-twice", copy(SECOND, "model-00002-of-00003 (1).safetensors")),
    equal("llama-sharded", "shards-swapped", swap_files("model-00001-of-00003.safetensors", SECOND)),
    equal("llama-sharded", "count-in-the-names-wrong", move(r"of-00003\.safetensors$", "of-00004.safetensors")),
    equal("llama-sharded", "index-is-a-pointer", pointer(INDEX)),
    equal("llama-sharded", "index-is-a-web-page", new_file(INDEX, WEB_PAGE)),
    equal("llama-sharded", "index-with-folders", json_file(INDEX, lambda index: index.update(weight_map={name: "./" + file for name, file in index["weight_map"].items()}))),
    equal("dbrx", "index-of-the-pickles", split(2), json_file(INDEX, lambda index: index.update(weight_map={name: "pytorch_model-00001-of-00002.bin" for name in index["weight_map"]}))),
    equal("llama-sharded", "leftovers-of-the-download", new_file(".cache/huggingface/download/model-00001-of-00003.safetensors.incomplete", b"\0" * 99), new_file(".cache/huggingface/download/config.json.lock", "")),
]

FILES = [
    refused("olmo3", "weights-gzipped", raw(WEIGHTS, gzipped), move(r"^model\.safetensors$", "model.safetensors.gz"), codes=MISSING),
    refused("olmo3", "weights-in-an-archive-of-the-same-name", raw(WEIGHTS, zipped("model.safetensors")), codes=(*BROKEN, *PICKLE)),
    refused("olmo3", "weights-are-a-gguf", new_file(WEIGHTS, b"GGUF\x03\x00\x00\x00" + bytes(400)), codes=(*BROKEN, "model-is-gguf")),
    refused("olmo3", "weights-are-an-error-in-json", new_file(WEIGHTS, b'{"error":"Invalid username or password."}'), codes=BROKEN),
    refused("mamba2", "offsets-overlap", raw(WEIGHTS, first_offsets_overlap), codes=("model-header-invalid",)),
    refused("mamba2", "one-byte-short", raw(WEIGHTS, lambda content: content[:-1]), codes=BROKEN),
    is_safe("eurobert", "name-with-a-capital", move(r"^model\.safetensors$", "Model.safetensors"), codes=MISSING),
    is_safe("eurobert", "folder-too-deep", into_folder("checkpoint-1500"), codes=("model-config-missing", *MISSING, "model-not-found")),
    equal("eurobert", "earlier-steps-beside-it", doubled("checkpoint-500/model.safetensors"), doubled("checkpoint-1000/model.safetensors"), new_file("checkpoint-500/trainer_state.json", "{}")),
    equal("eurobert", "header-names-another-framework", raw(WEIGHTS, lambda content: content.replace(b'"__metadata__":{"format":"pt"}', b'"__metadata__":{"format":"tf"}'))),
    refused("minicpm3", "training-state-of-deepspeed", deepspeed, codes=(*PICKLE, *MISSING)),
    refused("minicpm3", "training-state-of-fsdp", fsdp, codes=(*PICKLE, *MISSING)),
    refused("bamba", "pickled-shards", as_pickle("pytorch_model-00001-of-00002.bin"), new_file("pytorch_model-00002-of-00002.bin", b"\x80\x04."), new_file("pytorch_model.bin.index.json", '{"weight_map": {}}'), codes=PICKLE),
    refused("bamba", "only-in-onnx", delete(WEIGHTS), new_file("model.onnx", bytes(200)), new_file("model.onnx_data", bytes(200)), codes=MISSING),
    refused("bert-masked-lm", "only-in-tensorflow", delete(WEIGHTS), new_file("tf_model.h5", b"\x89HDF\r\n\x1a\n" + bytes(99)), codes=MISSING),
    equal("bert-masked-lm", "every-other-format-beside-it", new_file("tf_model.h5", bytes(99)), new_file("flax_model.msgpack", bytes(99)), new_file("rust_model.ot", bytes(99)), new_file("onnx/model_quantized.onnx", bytes(99))),
    equal("xverse", "card-without-valid-front-matter", new_file("README.md", "---\nlicense: [apache-2.0\nbase_model: \"a/b\n tags: - x: y: z\n---\n# Model\n")),
    equal("llama-float32", "generation-config-broken", new_file("generation_config.json", '{"temperature": 0.7,,}')),
]

NAMES_OF_TENSORS = [
    is_safe("olmo3", "compiled", prefixed("_orig_mod."), codes=NAMES),
    is_safe("arcee", "data-parallel", prefixed("module."), codes=NAMES),
    is_safe("glm", "fsdp-wrapped", renamed(r"layers\.(\d+)\.", r"layers.\1._fsdp_wrapped_module."), codes=NAMES),
    is_safe("hunyuan", "prefix-twice", renamed(r"^model\.", "model.model."), codes=NAMES),
    equal("llama-float32", "prefix-lost", renamed(r"^model\.", "")),
    is_safe("qwen-with-spare-rows", "value-head-of-a-trainer", prefixed("pretrained_model."), added(noise("v_head.summary.weight", "BF16", [1, 64]), noise("v_head.summary.bias", "BF16", [1])), codes=NAMES),
    is_safe("qwen-with-spare-rows", "value-head-left-in", added(noise("v_head.summary.weight", "BF16", [1, 64]), noise("v_head.summary.bias", "BF16", [1])), codes=NAMES),
    equal("arcee", "saved-from-a-vision-wrapper", prefixed("language_model.")),
    refused("orion", "peft-prefix-only", prefixed("base_model.model."), codes=ADAPTER),
    refused("internlm3", "merge-stopped-half-way", half_merged(r"layers\.[12]\."), codes=ADAPTER),
    refused("exaone3", "low-rank-direction-and-size", added(noise("base_model.model.transformer.h.0.attn.attention.q_proj.lora_A.weight", "BF16", [4, 64]), noise("base_model.model.transformer.h.0.attn.attention.q_proj.lora_B.weight", "BF16", [64, 4]), noise("base_model.model.transformer.h.0.attn.attention.q_proj.lora_magnitude_vector", "BF16", [64])), codes=ADAPTER),
    is_safe("llama-chatml", "embedding-saved-beside-the-old-one", renamed(r"^model\.embed_tokens\.weight$", "model.embed_tokens.original_module.weight"), added(noise("model.embed_tokens.modules_to_save.default.weight", "BF16", [49154, 64])), codes=(*ADAPTER, *NAMES)),
    refused("phimoe", "adapter-with-a-copied-config", delete(WEIGHTS), new_file("adapter_config.json", '{"peft_type": "LORA", "base_model_name_or_path": "microsoft/Phi-3.5-MoE-instruct", "r": 16}'), new_file("adapter_model.safetensors", b"\x02\0\0\0\0\0\0\0{}"), codes=ADAPTER),
]

LOST = [
    refused("mixtral-frankenmoe", "expert-lost", lose(r"layers\.2\.block_sparse_moe\.experts\.1\."), codes=MISSING),
    refused("mixtral-frankenmoe", "router-lost", lose(r"layers\.1\.block_sparse_moe\.gate"), codes=MISSING),
    refused("deepseek-v3", "correction-bias-lost", lose(r"layers\.2\.mlp\.gate\.e_score_correction_bias"), codes=MISSING),
    refused("deepseek-v3", "latent-norm-lost", lose(r"layers\.1\.self_attn\.kv_a_layernorm"), codes=MISSING),
    refused("olmo3", "norms-of-queries-lost", lose(r"layers\.1\.self_attn\.q_norm"), codes=MISSING),
    refused("falcon-h1", "state-matrix-lost", lose(r"layers\.0\.mamba\.A_log"), codes=MISSING),
    refused("granite-hybrid", "shared-experts-lost", lose(r"layers\.1\.shared_mlp\.input_linear"), codes=MISSING),
    refused("phimoe", "bias-of-a-norm-lost", lose(r"layers\.1\.input_layernorm\.bias"), codes=MISSING),
    refused("qwen2-vl", "bias-of-keys-lost", lose(r"layers\.1\.self_attn\.k_proj\.bias"), codes=MISSING),
    refused("internlm3", "output-layer-lost", lose(r"^lm_head"), codes=(*MISSING, "tied-embeddings", *CONFIG)),
    refused("exaone3", "final-norm-lost", lose(r"ln_f"), codes=MISSING),
    refused("llama-upscaled", "layer-in-the-middle-lost", lose(r"layers\.3\."), codes=MISSING),
    refused("roberta-reranker", "positions-lost", lose(r"position_embeddings"), codes=(*MISSING, *CONFIG)),
    refused("eurobert", "embedding-lost", lose(r"embed_tokens"), codes=MISSING),
]

PACKED = [
    refused("apertus", "four-bit-undeclared", NF4, codes=QUANTIZED),
    refused("exaone3", "four-bit", NF4, values(quantization_config={"quant_method": "bitsandbytes", "load_in_4bit": True}), codes=QUANTIZED),
    refused("olmo3", "awq-undeclared", AWQ, codes=QUANTIZED),
    refused("arcee", "exl2-undeclared", EXL2, codes=QUANTIZED),
    refused("arcee", "exl2", EXL2, values(quantization_config={"quant_method": "exl2", "version": "0.1.8", "bits": 4.0}), codes=QUANTIZED),
    refused("arcee", "one-layer-in-four-bit", GPTQ_ONE_LAYER, codes=QUANTIZED),
    refused("deci", "vptq", VPTQ, values(quantization_config={"quant_method": "vptq"}), codes=QUANTIZED),
    refused("hunyuan", "torchao-undeclared", TORCHAO, codes=QUANTIZED),
    refused("minicpm", "mlx-of-an-odd-class", MLX_4, values(quantization={"group_size": 64, "bits": 4}, quantization_config={"group_size": 64, "bits": 4}), codes=QUANTIZED),
    is_safe("qwen3-fp8", "eight-bit-undeclared", without("quantization_config"), codes=QUANTIZED),
    equal("arcee", "merged-but-still-declared-four-bit", values(quantization_config={"quant_method": "bitsandbytes", "load_in_4bit": True, "bnb_4bit_quant_type": "nf4", "_load_in_4bit": True}), codes=(*CONFIG, *QUANTIZED)),
    equal("llama-upscaled", "merged-but-still-declared-awq", values(quantization_config={"quant_method": "awq", "bits": 4, "group_size": 128}), codes=(*CONFIG, *QUANTIZED)),
]

TOKENS = [
    refused("qwen3-embedding", "chat-tokens-without-rows", add_token("<|start|>", 49152), add_token("<|end|>", 49153), codes=("model-tokenizer-mismatch",)),
    equal("llama-upscaled", "chat-tokens-without-rows", new_file("added_tokens.json", '{"<|im_start|>": 512, "<|im_end|>": 513}')),
    refused("llama-upscaled", "tokenizer-of-another-family", delete("tokenizer.model", "tokenizer_config.json", "special_tokens_map.json"), files_of("olmo3", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"), codes=TOKENIZER),
    refused("apertus", "tokenizer-of-another-family", delete("tokenizer.json", "vocab.json", "merges.txt"), files_of("xverse", "tokenizer.json", "tokenizer_config.json"), codes=TOKENIZER),
    equal("exaone3", "tokenizer-class-of-the-next-version", json_file("tokenizer_config.json", lambda content: content.update(tokenizer_class="TokenizersBackend", backend="tokenizers"))),
    is_safe("exaone3", "special-tokens-in-a-list", json_file("tokenizer_config.json", lambda content: content.update(extra_special_tokens=["<|im_start|>", "<|im_end|>"])), codes=TOKENIZER),
    equal("apertus", "cut-and-padded-as-in-training", json_file("tokenizer.json", lambda content: content.update(truncation={"direction": "Right", "max_length": 8, "strategy": "LongestFirst", "stride": 0}, padding={"strategy": {"Fixed": 8}, "direction": "Right", "pad_to_multiple_of": None, "pad_id": 2, "pad_type_id": 0, "pad_token": "<|im_end|>"}))),
    is_safe("arcee", "begins-with-a-token-now", json_file("tokenizer.json", lambda content: content.update(post_processor={"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<|im_start|>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}], "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}], "special_tokens": {"<|im_start|>": {"id": "<|im_start|>", "ids": [1], "tokens": ["<|im_start|>"]}}})), codes=TOKENIZER),
    refused("glm", "words-cut-in-another-way", json_file("tokenizer.json", lambda content: content.update(pre_tokenizer={"type": "Metaspace", "replacement": "_", "prepend_scheme": "always", "split": True})), codes=TOKENIZER),
    is_safe("llama-pruned", "tokenizer-named-by-version", move(r"^tokenizer\.model$", "tokenizer.model.v3"), codes=TOKENIZER),
    refused("minicpm", "tokenizer-is-a-pointer", pointer("tokenizer.model"), codes=("model-lfs-pointer",)),
    refused("deepseek-v3", "tokenizer-is-a-web-page", new_file("tokenizer.json", WEB_PAGE), codes=TOKENIZER),
    is_safe("deepseek-v3", "tokenizer-settings-lost", delete("tokenizer_config.json"), codes=TOKENIZER),
    refused("xverse", "fast-tokenizer-lost", delete("tokenizer.json"), codes=TOKENIZER),
    equal("olmo3", "only-the-fast-tokenizer", delete("vocab.json", "merges.txt")),
]

CASES = [*CONFIG_CASES, *SHARDS, *FILES, *NAMES_OF_TENSORS, *LOST, *PACKED, *TOKENS]
