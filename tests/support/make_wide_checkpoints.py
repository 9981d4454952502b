"""As make_family_checkpoints.py, but wide enough for blocks of 256 and deep enough for rules that count layers.

usage: python make_wide_checkpoints.py TARGET_FOLDER [FAMILY...]
"""

import pathlib
import sys

import make_family_checkpoints as maker

WIDE = {
    "hidden_size": 256, "n_embd": 256, "d_model": 256, "dim": 256, "intermediate_size": 512, "hidden_dim": 512,
    "moe_intermediate_size": 512, "shared_expert_intermediate_size": 256, "num_hidden_layers": 17, "n_layer": 17,
    "n_layers": 17, "num_attention_heads": 8, "n_head": 8, "n_heads": 8, "num_key_value_heads": 2, "head_dim": 64,
    "num_local_experts": 8, "num_experts": 4, "n_routed_experts": 8, "first_k_dense_replace": 2,
    "q_lora_rank": 256, "kv_lora_rank": 256, "qk_rope_head_dim": 32, "qk_nope_head_dim": 64, "v_head_dim": 64,
}

# A field that these classes do not know would be kept, and written into the GGUF against what the tensors say.
FULL_ATTENTION = {"Bert", "Roberta", "XLMRoberta"}


def main(target, families):
    for family in families or list(maker.FAMILIES):
        numbers = maker.FAMILIES[family]
        heads = {"num_key_value_heads": 8} if "kv_lora_rank" in numbers else {}
        wide = {name: WIDE.get(name, value) for name, value in numbers.items()} | heads
        left_out = {"layer_types"} | ({"num_key_value_heads"} if family in FULL_ATTENTION else set())
        maker.FAMILIES[family] = {name: value for name, value in wide.items() if name not in left_out}
    maker.FAMILIES = {family: maker.FAMILIES[family] for family in families} if families else maker.FAMILIES
    maker.main(target)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2:])
