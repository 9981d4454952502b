"""Makes a small checkpoint in the shape of the model this product began with: phi-4's ratios, phi-4's class, and a real
tokenizer. Its config.json is the true one; whoever tests the story writes the lies into a copy.

usage: python make_story_checkpoint.py TOKENIZER_FOLDER TARGET_FOLDER
"""

import pathlib
import shutil
import sys

import torch
from transformers import Phi3Config, Phi3ForCausalLM

TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.json", "merges.txt")


def main(tokenizer, target):
    torch.manual_seed(4)
    config = Phi3Config(
        # 40 / 5120 / 17920 / 40 / 10 of phi-4, a tenth of its layers and a twentieth of its width.
        num_hidden_layers=4, hidden_size=256, intermediate_size=896, num_attention_heads=8, num_key_value_heads=2,
        vocab_size=49152, max_position_embeddings=2048, original_max_position_embeddings=2048, rope_theta=250000.0,
        rms_norm_eps=1e-5, sliding_window=None, tie_word_embeddings=False, bos_token_id=1, eos_token_id=2, pad_token_id=2,
    )
    target.mkdir(parents=True, exist_ok=True)
    Phi3ForCausalLM(config).to(torch.bfloat16).save_pretrained(target)
    for name in TOKENIZER_FILES:
        if (tokenizer / name).exists():
            shutil.copy(tokenizer / name, target / name)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
