"""Saves one small healthy checkpoint of each family of the first corpus, with transformers' own code and real tokenizers."""

import json

import torch
import transformers

from tokenizer_files import BPE_TOKENS, PIECES, copy_bpe, smollm2_folder, write_pieces, write_pieces_with_json

SIZES = dict(hidden_size=64, intermediate_size=160, num_hidden_layers=4, num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=1024)
BPE = dict(vocab_size=BPE_TOKENS, bos_token_id=1, eos_token_id=2, pad_token_id=2, tie_word_embeddings=True)
SPM = dict(vocab_size=PIECES, bos_token_id=1, eos_token_id=2, pad_token_id=None, tie_word_embeddings=False)
MOE = dict(num_experts=4, num_experts_per_tok=2, moe_intermediate_size=96)
GPT = dict(n_embd=64, n_layer=4, n_head=4, n_positions=1024)

# name: (class in transformers, tokenizer, configuration)
FAMILIES = {
    "llama": ("Llama", "bpe", dict(**SIZES, **BPE, rope_theta=100000.0, rms_norm_eps=1e-5)),
    "llama-untied": ("Llama", "pieces", dict(**SIZES, **SPM, rope_theta=10000.0, rms_norm_eps=1e-5)),
    "llama-3-like": ("Llama", "bpe", dict(**SIZES, **BPE, rope_theta=500000.0, rms_norm_eps=1e-5, rope_scaling=dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=256))),
    "mistral": ("Mistral", "pieces+json", dict(**SIZES, **SPM, rope_theta=1000000.0, rms_norm_eps=1e-5, sliding_window=None)),
    "mistral-nemo-like": ("Mistral", "bpe", dict(**{**SIZES, **BPE, "tie_word_embeddings": False}, head_dim=32, rope_theta=1000000.0, rms_norm_eps=1e-5, sliding_window=None)),
    "mixtral": ("Mixtral", "pieces", dict(**SIZES, **SPM, num_local_experts=4, num_experts_per_tok=2, rope_theta=1000000.0, sliding_window=None)),
    "qwen2": ("Qwen2", "bpe", dict(**SIZES, **BPE, rope_theta=1000000.0)),
    "qwen3": ("Qwen3", "bpe", dict(**SIZES, **BPE, head_dim=32, rope_theta=1000000.0)),
    "qwen3-moe": ("Qwen3Moe", "bpe", dict(**SIZES, **BPE, head_dim=32, rope_theta=1000000.0, **MOE)),
    "phi3": ("Phi3", "pieces", dict(**SIZES, **SPM, rope_theta=10000.0, rms_norm_eps=1e-5, sliding_window=2047, original_max_position_embeddings=1024)),
    # Phi-4's ratios: 40 heads of 128 with 10 key/value heads, ffn 3.5 x hidden, no sliding window, GPT-2 tokenizer.
    "phi4": ("Phi3", "bpe", dict(**{**SIZES, **BPE, "intermediate_size": 224, "num_key_value_heads": 1, "tie_word_embeddings": False}, rope_theta=250000.0, rms_norm_eps=1e-5, sliding_window=None, original_max_position_embeddings=1024)),
    "gemma2": ("Gemma2", "pieces", dict(**{**SIZES, **SPM, "tie_word_embeddings": True, "pad_token_id": 0}, head_dim=32, query_pre_attn_scalar=32)),
    "olmo2": ("Olmo2", "bpe", dict(**{**SIZES, **BPE, "tie_word_embeddings": False}, rope_theta=500000.0)),
    "starcoder2": ("Starcoder2", "bpe", dict(**SIZES, **BPE, rope_theta=100000.0, sliding_window=None)),
    "stablelm": ("StableLm", "bpe", dict(**{**SIZES, **BPE, "tie_word_embeddings": False}, partial_rotary_factor=0.5, use_qkv_bias=True)),
    "cohere": ("Cohere", "bpe", dict(**SIZES, **BPE, logit_scale=0.25, rope_theta=8000000.0)),
    "gpt2": ("GPT2", "bpe", dict(**GPT, **BPE, n_ctx=1024)),
    "gpt-neox": ("GPTNeoX", "bpe", dict(**{**{key: value for key, value in SIZES.items() if key != "num_key_value_heads"}, **BPE, "tie_word_embeddings": False}, rotary_pct=0.5)),
    "falcon": ("Falcon", "bpe", dict(hidden_size=64, num_hidden_layers=4, num_attention_heads=4, **BPE, new_decoder_architecture=False, multi_query=True, num_kv_heads=1, bias=False)),
    "bert": ("Bert", "bpe", dict(**{key: value for key, value in SIZES.items() if key != "num_key_value_heads"}, vocab_size=BPE_TOKENS, pad_token_id=2)),
    "roberta": ("Roberta", "bpe", dict(**{**{key: value for key, value in SIZES.items() if key != "num_key_value_heads"}, "max_position_embeddings": 1026}, vocab_size=BPE_TOKENS, pad_token_id=1, type_vocab_size=1)),
}
ENCODERS = ("Bert", "Roberta", "XLMRoberta", "ModernBert")


def save_model(class_name, config, target):
    """Seeded random weights, norms and biases too, so that a tensor in the wrong place never looks right."""
    torch.manual_seed(7)
    settings = getattr(transformers, class_name + "Config")(**config)
    auto = transformers.AutoModel if class_name in ENCODERS else transformers.AutoModelForCausalLM
    model = auto.from_config(settings)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.02)
    model.to(torch.bfloat16).save_pretrained(target)


def write_tokenizer(kind, target):
    if kind == "bpe":
        copy_bpe(smollm2_folder(), target)
    elif kind == "pieces":
        write_pieces(target)
    elif kind == "pieces+json":
        write_pieces_with_json(target)


def save_family(name, target):
    class_name, tokenizer, config = FAMILIES[name]
    target.mkdir(parents=True)
    save_model(class_name, config, target)
    write_tokenizer(tokenizer, target)


def save_smollm2(target):
    """The real SmolLM2-135M-Instruct by links: the one checkpoint here whose shapes are those of a known model."""
    target.mkdir(parents=True)
    for file in smollm2_folder().iterdir():
        (target / file.name).symlink_to(file)


def update_json(path, changes):
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}, indent=2))
