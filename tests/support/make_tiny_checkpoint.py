"""Makes a small Llama checkpoint with random weights and a real tokenizer, for tests that convert for real.

usage: python make_tiny_checkpoint.py TOKENIZER_FOLDER TARGET_FOLDER [config.json overrides as JSON]
Overrides are written into config.json afterwards: the tensors stay what they are, so the file lies like the story's did.
"""

import json
import pathlib
import shutil
import sys

import torch
from transformers import LlamaConfig, LlamaForCausalLM

TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.json", "merges.txt", "chat_template.jinja")


def main(tokenizer, target, overrides):
    torch.manual_seed(7)
    config = LlamaConfig(
        hidden_size=256, intermediate_size=512, num_hidden_layers=2, num_attention_heads=8, num_key_value_heads=4,
        vocab_size=49152, max_position_embeddings=2048, rope_theta=100000.0, tie_word_embeddings=True,
        bos_token_id=1, eos_token_id=2,
    )
    target.mkdir(parents=True, exist_ok=True)
    LlamaForCausalLM(config).to(torch.bfloat16).save_pretrained(target)
    for name in TOKENIZER_FILES:
        if (tokenizer / name).exists():
            shutil.copy(tokenizer / name, target / name)
    if overrides:
        path = target / "config.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **overrides}, indent=2))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), json.loads(sys.argv[3]) if len(sys.argv) > 3 else {})
