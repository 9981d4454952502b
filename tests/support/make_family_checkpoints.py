"""Saves one tiny model of each family with transformers' own code, so that names and shapes are the real ones.

usage: python make_family_checkpoints.py TARGET_FOLDER
"""

import json
import pathlib
import sys

import torch
import transformers

USUAL = dict(vocab_size=160, hidden_size=64, intermediate_size=112, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=2)
TOKENS = dict(bos_token_id=1, eos_token_id=2, pad_token_id=0)
GPT = dict(vocab_size=160, n_embd=64, n_layer=3, n_head=4, n_positions=64)
MOE = dict(num_experts=4, num_experts_per_tok=2, moe_intermediate_size=48)

FAMILIES = {
    "Llama": dict(USUAL), "Mistral": dict(USUAL), "Mixtral": dict(USUAL, num_local_experts=4), "Qwen2": dict(USUAL),
    "Qwen3": dict(USUAL, head_dim=32), "Qwen2Moe": dict(USUAL, shared_expert_intermediate_size=80, **MOE),
    "Qwen3Moe": dict(USUAL, head_dim=32, **MOE), "Phi": dict(USUAL), "Phi3": dict(USUAL), "Gemma": dict(USUAL, head_dim=32),
    "Gemma2": dict(USUAL, head_dim=32), "Gemma3Text": dict(USUAL, head_dim=32), "Olmo": dict(USUAL), "Olmo2": dict(USUAL),
    "Olmoe": dict(USUAL, num_experts=4, num_experts_per_tok=2), "Starcoder2": dict(USUAL), "StableLm": dict(USUAL), "SmolLM3": dict(USUAL),
    "Granite": dict(USUAL), "GraniteMoe": dict(USUAL, num_local_experts=4), "Cohere": dict(USUAL), "Cohere2": dict(USUAL, rotary_pct=1.0),
    "Nemotron": dict(USUAL), "Glm": dict(USUAL, head_dim=16), "Glm4": dict(USUAL, head_dim=16), "Exaone4": dict(USUAL),
    "Ernie4_5": dict(USUAL), "HunYuanDenseV1": dict(USUAL), "Helium": dict(USUAL, head_dim=16), "Apertus": dict(USUAL),
    "Arcee": dict(USUAL), "SeedOss": dict(USUAL, head_dim=16), "Lfm2": dict(USUAL, layer_types=["conv", "full_attention", "conv"]),
    "FalconH1": dict(USUAL, mamba_d_ssm=64, mamba_n_heads=4, mamba_d_head=16),
    "DeepseekV2": dict({**USUAL, "num_key_value_heads": 4}, moe_intermediate_size=48, n_routed_experts=4, n_shared_experts=1, first_k_dense_replace=1, q_lora_rank=24, kv_lora_rank=16, qk_rope_head_dim=8, qk_nope_head_dim=8, v_head_dim=16, n_group=1, topk_group=1, num_experts_per_tok=2),
    "DeepseekV3": dict({**USUAL, "num_key_value_heads": 4}, moe_intermediate_size=48, n_routed_experts=4, n_shared_experts=1, first_k_dense_replace=1, q_lora_rank=24, kv_lora_rank=16, qk_rope_head_dim=8, qk_nope_head_dim=8, v_head_dim=16, n_group=1, topk_group=1, num_experts_per_tok=2),
    "Glm4Moe": dict(USUAL, moe_intermediate_size=48, n_routed_experts=4, n_shared_experts=1, num_experts_per_tok=2, n_group=1, topk_group=1, head_dim=16, use_qk_norm=True),
    "Olmo3": dict(USUAL), "BitNet": dict(USUAL), "Qwen3Next": dict(USUAL, head_dim=16, num_experts=4, num_experts_per_tok=2, moe_intermediate_size=48, shared_expert_intermediate_size=80),
    "FalconMamba": dict(vocab_size=160, hidden_size=64, num_hidden_layers=3, state_size=4),
    "GptOss": dict(USUAL, head_dim=16, num_local_experts=4), "Jamba": dict(USUAL, num_experts=2, mamba_d_state=4, use_mamba_kernels=False),
    "GPT2": dict(GPT, n_ctx=64), "GPTBigCode": dict(GPT), "GPTJ": dict(GPT, rotary_dim=8), "GPTNeoX": dict(USUAL), "Bloom": dict(vocab_size=160, hidden_size=64, n_layer=3, n_head=4),
    "Falcon": dict(vocab_size=160, hidden_size=64, num_hidden_layers=3, num_attention_heads=4, num_kv_heads=1),
    "Mpt": dict(vocab_size=160, d_model=64, n_layers=3, n_heads=4), "Mamba": dict(vocab_size=160, hidden_size=64, num_hidden_layers=3, state_size=4),
    "Bert": dict(USUAL), "Roberta": dict(USUAL), "XLMRoberta": dict(USUAL), "Camembert": dict(USUAL), "DistilBert": dict(vocab_size=160, dim=64, n_layers=3, n_heads=4, hidden_dim=112),
    "ModernBert": dict(USUAL, layer_norm_eps=1e-05),
}

# The class under which the models of a family were published, where transformers writes another, which llama.cpp does not know.
PUBLISHED_AS = {"Mpt": "MPTForCausalLM"}


def main(target):
    for family, numbers in FAMILIES.items():
        config_class = getattr(transformers, family + "Config", None)
        if config_class is None:
            continue
        try:
            torch.manual_seed(7)
            config = config_class(**{**TOKENS, **numbers})
            mapping = transformers.AutoModelForCausalLM if type(config) in transformers.AutoModelForCausalLM._model_mapping else transformers.AutoModel
            if family in ("Bert", "Roberta", "XLMRoberta", "Camembert"):
                mapping = transformers.AutoModel
            model = mapping.from_config(config).to(torch.bfloat16)
            model.save_pretrained(target / family)
            if family in PUBLISHED_AS:
                file = target / family / "config.json"
                file.write_text(json.dumps({**json.loads(file.read_text()), "architectures": [PUBLISHED_AS[family]]}, indent=2))
            print("saved", family, flush=True)
        except Exception as error:  # a family that this transformers cannot build in this size is reported, not hidden
            print("skipped", family, type(error).__name__, str(error)[:150], flush=True)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
