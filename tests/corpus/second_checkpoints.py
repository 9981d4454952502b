"""The healthy checkpoints of the second corpus: other families, other sizes, other tokenizers' files."""

import json

import torch
import transformers
from safetensors.torch import load_file, save_file

from tokenizer_files import BPE_TOKENS, PIECES, copy_bpe, smollm2_folder, write_pieces

SIZES = dict(hidden_size=96, intermediate_size=224, num_hidden_layers=3, num_attention_heads=6, num_key_value_heads=2, max_position_embeddings=512)
WIDE = {key: value for key, value in SIZES.items() if key != "num_key_value_heads"}
TOKENS = dict(vocab_size=BPE_TOKENS, bos_token_id=1, eos_token_id=2, pad_token_id=2)
PIECE_TOKENS = dict(vocab_size=PIECES, bos_token_id=1, eos_token_id=2, pad_token_id=0)
TIED = dict(tie_word_embeddings=True)
UNTIED = dict(tie_word_embeddings=False)

FAMILIES = {
    "granite": ("Granite", "bpe", dict(**SIZES, **TOKENS, **TIED, embedding_multiplier=12.0, attention_multiplier=0.015625, residual_multiplier=0.22, logits_scaling=8.0, rope_theta=10000000.0)),
    "granite-moe": ("GraniteMoe", "bpe", dict(**SIZES, **TOKENS, **TIED, num_local_experts=6, num_experts_per_tok=3)),
    "bloom": ("Bloom", "bpe", dict(hidden_size=96, n_layer=3, n_head=6, **TOKENS, seq_length=512)),
    "mpt": ("Mpt", "bpe", dict(d_model=96, n_layers=3, n_heads=6, expansion_ratio=4, max_seq_len=512, **TOKENS)),
    "mamba": ("Mamba", "bpe", dict(hidden_size=96, num_hidden_layers=3, state_size=8, **TOKENS)),
    "deepseek-v2": ("DeepseekV2", "bpe", dict(**{**SIZES, "num_key_value_heads": 6}, **TOKENS, **UNTIED, moe_intermediate_size=64, n_routed_experts=6, n_shared_experts=2, first_k_dense_replace=1, q_lora_rank=48, kv_lora_rank=32, qk_rope_head_dim=16, qk_nope_head_dim=16, v_head_dim=32, n_group=1, topk_group=1, num_experts_per_tok=2, norm_topk_prob=False, scoring_func="softmax", topk_method="greedy")),
    "gpt-oss": ("GptOss", "bpe", dict(**SIZES, **TOKENS, **UNTIED, head_dim=32, num_local_experts=6, num_experts_per_tok=2, rope_theta=150000.0)),
    "cohere2": ("Cohere2", "bpe", dict(**SIZES, **TOKENS, **TIED, head_dim=16, logit_scale=0.25, rotary_pct=1.0, sliding_window=64, rope_theta=50000.0)),
    "phi2": ("Phi", "bpe", dict(**{**WIDE, "intermediate_size": 384}, **TOKENS, **UNTIED, partial_rotary_factor=0.5)),
    "smollm3": ("SmolLM3", "bpe", dict(**SIZES, **TOKENS, **TIED, rope_theta=2000000.0)),
    "gemma3-text": ("Gemma3Text", "pieces", dict(**SIZES, **PIECE_TOKENS, **TIED, head_dim=32, sliding_window=128, query_pre_attn_scalar=32)),
    "gemma": ("Gemma", "pieces", dict(**{**SIZES, "num_key_value_heads": 1}, **PIECE_TOKENS, **TIED, head_dim=32)),
    "modernbert": ("ModernBert", "bpe", dict(**WIDE, vocab_size=BPE_TOKENS, pad_token_id=2, bos_token_id=1, eos_token_id=2, cls_token_id=1, sep_token_id=2)),
    "distilbert": ("DistilBert", "bpe", dict(vocab_size=BPE_TOKENS, dim=96, hidden_dim=224, n_layers=3, n_heads=6, max_position_embeddings=512, pad_token_id=2)),
    "glm4": ("Glm4", "bpe", dict(**SIZES, **TOKENS, **UNTIED, head_dim=16, partial_rotary_factor=0.5)),
    "exaone4": ("Exaone4", "bpe", dict(**SIZES, **TOKENS, **UNTIED, head_dim=16, sliding_window=64, sliding_window_pattern=4, rope_theta=1000000.0)),
    "nemotron": ("Nemotron", "pieces", dict(**SIZES, **PIECE_TOKENS, **UNTIED, head_dim=16, partial_rotary_factor=0.5)),
    "qwen2-moe": ("Qwen2Moe", "bpe", dict(**SIZES, **TOKENS, **UNTIED, num_experts=6, num_experts_per_tok=2, moe_intermediate_size=64, shared_expert_intermediate_size=160)),
    "lfm2": ("Lfm2", "bpe", dict(**SIZES, **TOKENS, layer_types=["conv", "full_attention", "conv"], block_auto_adjust_ff_dim=False)),
    "olmo": ("Olmo", "bpe", dict(**SIZES, **TOKENS, **TIED)),
    "olmoe": ("Olmoe", "bpe", dict(**{**SIZES, "num_key_value_heads": 6}, **TOKENS, **UNTIED, num_experts=6, num_experts_per_tok=2)),
    "starcoder": ("GPTBigCode", "bpe", dict(n_embd=96, n_layer=3, n_head=6, n_positions=512, n_ctx=512, n_inner=384, multi_query=True, **TOKENS)),
    "falcon-40b-like": ("Falcon", "bpe", dict(hidden_size=96, num_hidden_layers=3, num_attention_heads=6, num_kv_heads=2, new_decoder_architecture=True, **TOKENS)),
    "ernie4.5": ("Ernie4_5", "pieces", dict(**SIZES, **PIECE_TOKENS, **TIED, head_dim=16)),
    "seed-oss": ("SeedOss", "bpe", dict(**SIZES, **TOKENS, **UNTIED, head_dim=32, rope_theta=10000000.0)),
    "llama-with-biases": ("Llama", "bpe", dict(**SIZES, **TOKENS, **TIED, attention_bias=True, rms_norm_eps=1e-5)),
    "phi3-long": ("Phi3", "pieces", dict(**{**SIZES, "max_position_embeddings": 4096}, **PIECE_TOKENS, **UNTIED, sliding_window=256, original_max_position_embeddings=512, rope_scaling=dict(type="longrope", long_factor=[1.0 + at / 4 for at in range(8)], short_factor=[1.0] * 8))),
    "gemma3-vision": ("Gemma3", "pieces", dict(text_config=dict(**SIZES, **PIECE_TOKENS, head_dim=32, sliding_window=128, query_pre_attn_scalar=32), vision_config=dict(hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2, image_size=28, patch_size=14), mm_tokens_per_image=4, image_token_index=500, boi_token_index=501, eoi_token_index=502)),
    "glm4-moe-with-prediction-layer": ("Glm4Moe", "bpe", dict(**SIZES, **TOKENS, **UNTIED, head_dim=16, partial_rotary_factor=0.5, n_routed_experts=6, n_shared_experts=1, num_experts_per_tok=2, moe_intermediate_size=64, first_k_dense_replace=1, use_qk_norm=True)),
    "llama-of-2023": ("Llama", "pieces", dict(**{**SIZES, "num_key_value_heads": 6}, **PIECE_TOKENS, **UNTIED)),
    "qwen3-reranker-like": ("Qwen3", "bpe", dict(**SIZES, **TOKENS, **TIED, head_dim=32, rope_theta=1000000.0)),
}


def save_healthy(target, leaf):
    for name, (class_name, tokenizer, config) in FAMILIES.items():
        folder = target / name / leaf
        folder.mkdir(parents=True)
        build(class_name, config, folder)
        {"bpe": lambda: copy_bpe(smollm2_folder(), folder), "pieces": lambda: write_pieces(folder, add_bos="Gemma" in class_name)}[tokenizer]()
        finish = FINISH.get(name)
        if finish:
            finish(folder)
        yield name


def build(class_name, config, folder):
    torch.manual_seed(11)
    settings = getattr(transformers, class_name + "Config")(**config)
    known = transformers.AutoModelForCausalLM._model_mapping
    if class_name == "Gemma3":
        model = transformers.Gemma3ForConditionalGeneration(settings)
    elif type(settings) in known and class_name not in ("ModernBert", "DistilBert"):
        model = transformers.AutoModelForCausalLM.from_config(settings)
    else:
        model = transformers.AutoModel.from_config(settings)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if not (class_name == "Cohere2" and name.endswith("bias")):
                parameter.add_(torch.randn_like(parameter) * 0.03)
    model.to(torch.bfloat16).save_pretrained(folder)


def change_config(folder, changes, dropped=()):
    path = folder / "config.json"
    config = {**json.loads(path.read_text()), **changes}
    path.write_text(json.dumps({key: value for key, value in config.items() if key not in dropped}, indent=2))


def name_glm_tokens(folder):
    """GLM's converter asks for these by name; the text that identifies the tokenizer holds none of them."""
    for file in ("tokenizer.json", "tokenizer_config.json", "vocab.json"):
        text = (folder / file).read_text(encoding="utf-8")
        for old, new in (("<repo_name>", "<|user|>"), ("<reponame>", "[gMASK]"), ("<file_sep>", "<sop>"), ("<filename>", "<|system|>"), ("<gh_stars>", "<|observation|>"), ("<issue_start>", "<|assistant|>")):
            text = text.replace(old, new)
        (folder / file).write_text(text, encoding="utf-8")


def with_prediction_layer(folder):
    """A further layer that predicts the token after the next, as GLM-4.5 and DeepSeek-V3 ship it."""
    tensors = load_file(folder / "model.safetensors")
    last = {name.replace("layers.2.", "layers.3."): value * 0.5 for name, value in tensors.items() if ".layers.2." in name}
    norm = tensors["model.norm.weight"]
    last.update({f"model.layers.3.{name}.weight": norm.clone() for name in ("enorm", "hnorm", "shared_head.norm")})
    last["model.layers.3.eh_proj.weight"] = torch.randn(96, 192).to(torch.bfloat16)
    save_file({**tensors, **last}, folder / "model.safetensors", metadata={"format": "pt"})
    change_config(folder, {"num_nextn_predict_layers": 1})


FINISH = {
    "glm4": name_glm_tokens,
    "glm4-moe-with-prediction-layer": lambda folder: (name_glm_tokens(folder), with_prediction_layer(folder)),
    # What the first Llama's config.json had: no theta, no key/value heads, no head size, since the code had no others.
    "llama-of-2023": lambda folder: change_config(folder, {"transformers_version": "4.28.1", "torch_dtype": "bfloat16"}, ("rope_theta", "num_key_value_heads", "head_dim", "attention_bias", "attention_dropout", "mlp_bias", "pretraining_tp", "rope_scaling", "dtype")),
    # On the hub the class is MPTForCausalLM, which the converter knows; transformers' own is spelled otherwise.
    "mpt": lambda folder: change_config(folder, {"architectures": ["MPTForCausalLM"]}),
    # The published models have both names of it; transformers writes one.
    "modernbert": lambda folder: change_config(folder, {"layer_norm_eps": 1e-5}),
}
