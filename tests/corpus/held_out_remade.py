"""Turns what transformers saved into checkpoints as other people's code, older code or other tools save them."""

import json
import re

import torch
from safetensors.torch import load_file, save_file

from second_checkpoints import change_config, name_glm_tokens

WEIGHTS = "model.safetensors"


def remake(edit):
    """`edit` gets the tensors by name and gives others."""
    def apply(folder):
        tensors = {name: value.contiguous().clone() for name, value in edit(load_file(folder / WEIGHTS)).items()}
        save_file(tensors, folder / WEIGHTS, metadata={"format": "pt"})
    return apply


def rename(*pairs):
    """Regular expressions over names, in this order."""
    def edit(tensors):
        renamed = {}
        for name, value in tensors.items():
            for pattern, replacement in pairs:
                name = re.sub(pattern, replacement, name)
            renamed[name] = value
        return renamed
    return remake(edit)


def configured(*dropped, **changes):
    return lambda folder: change_config(folder, changes, dropped)


def rewrite_config(make):
    def apply(folder):
        path = folder / "config.json"
        path.write_text(json.dumps(make(json.loads(path.read_text())), indent=2))
    return apply


def remote(architecture, model_type, *dropped, **changes):
    """A class that transformers does not have: the converter reads config.json as it is."""
    auto_map = {"AutoConfig": f"configuration_{model_type}.Config", "AutoModelForCausalLM": f"modeling_{model_type}.{architecture}"}
    return configured("pretraining_tp", "mlp_bias", *dropped, architectures=[architecture], model_type=model_type, auto_map=auto_map, **changes)


def seeded(*shape):
    return (torch.randn(*shape, generator=torch.Generator().manual_seed(5)) * 0.05).to(torch.bfloat16)


def add_norm_biases(tensors):
    biases = {name.replace(".weight", ".bias"): seeded(*value.shape) for name, value in tensors.items() if "norm" in name}
    return {**tensors, **biases}


def fewer_kv_heads_in_the_middle(tensors):
    for part in "kv":
        name = f"model.layers.1.self_attn.{part}_proj.weight"
        tensors[name] = tensors[name][:16]
    return tensors


def repeat_layers(tensors):
    """Depth up-scaling: the first half of the layers twice, to the last bit."""
    for name in [name for name in tensors if re.search(r"layers\.[345]\.", name)]:
        tensors[name] = tensors[re.sub(r"layers\.(\d)", lambda match: f"layers.{int(match[1]) - 3}", name)]
    return tensors


def add_inverse_frequencies(tensors):
    inverse = 1.0 / (10000.0 ** (torch.arange(0, 16, 2, dtype=torch.float32) / 16))
    return {**tensors, **{f"model.layers.{at}.self_attn.rotary_emb.inv_freq": inverse for at in range(3)}}


def as_fp8(tensors):
    """Blocks of 128 by 128 with one scale each, as DeepSeek and Qwen publish it."""
    for name in [name for name in tensors if name.endswith("_proj.weight")]:
        value = tensors[name].float()
        rows, columns = (-(-length // 128) for length in value.shape)
        tensors[name] = (value * 64).to(torch.float8_e4m3fn)
        tensors[name + "_scale_inv"] = torch.full((rows, columns), 1 / 64, dtype=torch.float32)
    return tensors


def as_mxfp4(tensors):
    """Four-bit blocks of 32 with a shared exponent: how gpt-oss is published. Any bytes are valid numbers."""
    generator = torch.Generator().manual_seed(3)
    for name in [name for name in tensors if name.endswith("experts.gate_up_proj") or name.endswith("experts.down_proj")]:
        experts, width, outputs = tensors.pop(name).shape
        width = -(-width // 32)
        tensors[name + "_blocks"] = torch.randint(0, 256, (experts, outputs, width, 16), dtype=torch.uint8, generator=generator)
        tensors[name + "_scales"] = torch.randint(118, 122, (experts, outputs, width), dtype=torch.uint8, generator=generator)
    return tensors


def as_float32(tensors):
    return {name: value.float() for name, value in tensors.items()}


def gemma3n_parts(config):
    text = {key: value for key, value in config.items() if key not in ("architectures", "transformers_version", "dtype")}
    return {"architectures": ["Gemma3nForConditionalGeneration"], "model_type": "gemma3n", "text_config": text, "dtype": "bfloat16"}


def idefics_parts(config):
    text = {**config, "architectures": ["VLlama3ForCausalLM"]}
    vision = {"model_type": "idefics3_vision", "hidden_size": 32, "image_size": 28, "patch_size": 14, "num_attention_heads": 2}
    return {"architectures": ["Idefics3ForConditionalGeneration"], "model_type": "idefics3", "text_config": text, "vision_config": vision, "image_token_id": 49, "scale_factor": 2, "tie_word_embeddings": False}


def add_chatml(folder):
    """Two tokens more, as a chat fine-tune adds and embeds them."""
    tokenizer = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    plain = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    extra = [{"id": 49152 + at, "content": content, **plain} for at, content in enumerate(("<|turn|>", "<|end_of_turn|>"))]
    (folder / "tokenizer.json").write_text(json.dumps({**tokenizer, "added_tokens": [*tokenizer["added_tokens"], *extra]}, ensure_ascii=False), encoding="utf-8")
    path = folder / "tokenizer_config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config["added_tokens_decoder"].update({str(token["id"]): {key: value for key, value in token.items() if key != "id"} for token in extra})
    path.write_text(json.dumps({**config, "eos_token": "<|end_of_turn|>"}), encoding="utf-8")
    (folder / "special_tokens_map.json").write_text(json.dumps({"bos_token": "<|im_start|>", "eos_token": "<|end_of_turn|>", "unk_token": "<|endoftext|>", "pad_token": "<|im_end|>"}))


def as_shards(folder):
    """Everything that a well-kept repository has, and none of it in the way."""
    tensors = load_file(folder / WEIGHTS)
    (folder / WEIGHTS).unlink()
    weight_map = {name: f"model-{at % 3 + 1:05d}-of-00003.safetensors" for at, name in enumerate(sorted(tensors))}
    for file in sorted(set(weight_map.values())):
        save_file({name: value for name, value in tensors.items() if weight_map[name] == file}, folder / file, metadata={"format": "pt"})
    total = sum(value.nbytes for value in tensors.values())
    (folder / (WEIGHTS + ".index.json")).write_text(json.dumps({"metadata": {"total_size": total}, "weight_map": weight_map}))
    (folder / "README.md").write_text("---\nlicense: apache-2.0\nlibrary_name: transformers\npipeline_tag: text-generation\n---\n# A model\n")
    (folder / ".gitattributes").write_text("*.safetensors filter=lfs diff=lfs merge=lfs -text\n")
    (folder / "generation_config.json").write_text(json.dumps({"bos_token_id": 1, "eos_token_id": [2, 5], "temperature": 0.6, "transformers_version": "4.43.0"}))
    (folder / "original").mkdir()
    (folder / "original" / "consolidated.00.pth").write_bytes(b"PK\x03\x04" + bytes(60))
    (folder / "onnx").mkdir()
    (folder / "onnx" / "model.onnx").write_bytes(bytes(64))


def name_old_norms(tensors):
    """How BERT called the two halves of a norm in 2018."""
    return {re.sub(r"LayerNorm\.weight$", "LayerNorm.gamma", re.sub(r"LayerNorm\.bias$", "LayerNorm.beta", name)): value for name, value in tensors.items()}


EXAONE = rename(
    (r"^model\.embed_tokens", "transformer.wte"), (r"^model\.norm", "transformer.ln_f"), (r"^model\.layers", "transformer.h"),
    (r"input_layernorm", "ln_1"), (r"post_attention_layernorm", "ln_2"), (r"self_attn\.o_proj", "attn.attention.out_proj"),
    (r"self_attn", "attn.attention"), (r"gate_proj", "c_fc_0"), (r"up_proj", "c_fc_1"), (r"down_proj", "c_proj"),
)
E4M3 = dict(quant_method="fp8", activation_scheme="dynamic", fmt="e4m3", weight_block_size=[128, 128])

# What is done to each family after saving, in this order.
FINISH = {
    "glm": (name_glm_tokens,),
    # On the hub its class is spelled in another way than in transformers.
    "phimoe": (configured(architectures=["PhiMoEForCausalLM"], original_max_position_embeddings=768),),
    "internlm3": (remote("InternLM3ForCausalLM", "internlm3", qkv_bias=False, bias=False),),
    "minicpm": (remote("MiniCPMForCausalLM", "minicpm", "head_dim", scale_emb=12, scale_depth=1.4, dim_model_base=16),),
    "minicpm3": (remote("MiniCPM3ForCausalLM", "minicpm3", "n_routed_experts", "n_shared_experts", "num_experts_per_tok", "moe_intermediate_size", "first_k_dense_replace", "n_group", "topk_group", "head_dim", scale_emb=12, scale_depth=1.4, dim_model_base=16),),
    "orion": (remake(add_norm_biases), remote("OrionForCausalLM", "orion", "head_dim", max_sequence_length=768)),
    "xverse": (remote("XverseForCausalLM", "xverse", "num_key_value_heads", "head_dim"),),
    "exaone3": (EXAONE, remote("ExaoneForCausalLM", "exaone", "num_hidden_layers", "hidden_act", num_layers=3, layer_norm_epsilon=1e-5, activation_function="silu", head_dim=16)),
    "deci": (remake(fewer_kv_heads_in_the_middle), remote("DeciLMForCausalLM", "deci", "num_key_value_heads", "head_dim", num_key_value_heads_per_layer=[2, 1, 2])),
    "eurobert": (remote("EuroBertModel", "eurobert", "head_dim", is_causal=False, mask_token_id=3),),
    "smolvlm": (rename((r"^model\.", "model.text_model.")), rewrite_config(idefics_parts)),
    "mamba-of-the-authors": (rename((r"backbone\.embeddings\.", "backbone.embedding.")), rewrite_config(lambda config: {"d_model": 64, "n_layer": 3, "vocab_size": 49152, "ssm_cfg": {}, "rms_norm": True, "residual_in_fp32": True, "fused_add_norm": True, "pad_vocab_size_multiple": 8})),
    "gemma3n": (rename((r"per_layer_model\.language_model_", "per_layer_model_")), rewrite_config(gemma3n_parts)),
    "llama-chatml": (add_chatml,),
    "llama-upscaled": (remake(repeat_layers),),
    "llama-with-buffers": (remake(add_inverse_frequencies),),
    "llama-sharded": (as_shards,),
    "llama-float32": (remake(as_float32), configured(dtype="float32")),
    "qwen3-fp8": (remake(as_fp8), configured(quantization_config=E4M3)),
    "gpt-oss-mxfp4": (remake(as_mxfp4), configured(quantization_config={"quant_method": "mxfp4", "modules_to_not_convert": ["model.layers.*.self_attn", "model.layers.*.mlp.router", "model.embed_tokens", "lm_head"]})),
    "gpt2-of-2019": (rename((r"^transformer\.", "")),),
    "bert-masked-lm": (remake(name_old_norms),),
}
