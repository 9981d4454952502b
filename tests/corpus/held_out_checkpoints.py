"""The healthy checkpoints of the held-out corpus: families, sizes and tokenizers that the other corpora hardly have."""

import torch
import transformers

from healthy_checkpoints import write_tokenizer
from held_out_families import FAMILIES
from held_out_remade import FINISH


def save_healthy(target, leaf):
    for name, (class_name, tokenizer, config) in FAMILIES.items():
        folder = target / name / leaf
        folder.mkdir(parents=True)
        build(class_name, config, folder)
        write_tokenizer(tokenizer, folder)
        for finish in FINISH.get(name, ()):
            finish(folder)
        yield name


def build(class_name, config, folder):
    """`class_name` is that of the model, as the converter knows it."""
    torch.manual_seed(23)
    model_class = getattr(transformers, class_name)
    settings = model_class.config_class(**config)
    model = model_class(settings)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.03)
    model.to(torch.bfloat16).save_pretrained(folder)
