"""Real tokenizers for tiny models: SmolLM2's own files, and SentencePiece models trained on the spot.

The converter recognises a BPE tokenizer by the hash of what it makes of one text, so BPE families get a copy of one that
it knows. Families that read tokenizer.model get a model of 512 pieces, trained on Python's own documentation.
"""

import functools
import io
import json
import pathlib
import re
import shutil

import sentencepiece
from pydoc_data import topics

BPE_FILES = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.json", "merges.txt", "chat_template.jinja")
BPE_TOKENS = 49152
PIECES = 512
CHAT_TEMPLATE = "{% for m in messages %}{{ '<s>' + m['role'] + ': ' + m['content'] + '</s>' }}{% endfor %}"


def copy_bpe(source, target):
    """SmolLM2's tokenizer: GPT-2 style byte-level BPE, 49,152 tokens."""
    for name in BPE_FILES:
        if (source / name).exists():
            shutil.copy(source / name, target / name)


def write_pieces(target, tokenizer_class="LlamaTokenizer", add_bos=True):
    """A SentencePiece tokenizer.model with byte fallback, as Llama 2, Mistral, Phi-3 and Gemma have it."""
    (target / "tokenizer.model").write_bytes(train_pieces())
    config = {
        "tokenizer_class": tokenizer_class, "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>",
        "add_bos_token": add_bos, "add_eos_token": False, "model_max_length": 2048, "chat_template": CHAT_TEMPLATE,
    }
    (target / "tokenizer_config.json").write_text(json.dumps(config, indent=2))
    (target / "special_tokens_map.json").write_text(json.dumps({"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}))


def write_pieces_with_json(target, tokenizer_class="LlamaTokenizer"):
    """The same with tokenizer.json beside tokenizer.model, as newer transformers saves it."""
    from tokenizers import Tokenizer, decoders, models, normalizers

    write_pieces(target, tokenizer_class)
    pieces = sentencepiece.SentencePieceProcessor(model_proto=train_pieces())
    vocabulary = {pieces.id_to_piece(at): at for at in range(pieces.get_piece_size())}
    merges = [
        (text[:at], text[at:])
        for text in sorted(vocabulary, key=vocabulary.get)
        for at in range(1, len(text))
        if text[:at] in vocabulary and text[at:] in vocabulary and not text.startswith("<")
    ]
    tokenizer = Tokenizer(models.BPE(vocabulary, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")])
    tokenizer.decoder = decoders.Sequence([decoders.Replace("\u2581", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    tokenizer.add_special_tokens(["<unk>", "<s>", "</s>"])
    tokenizer.save(str(target / "tokenizer.json"))


@functools.cache
def train_pieces():
    text = re.sub(r"[^\x20-\x7e]+", " ", " ".join(topics.topics[name] for name in sorted(topics.topics)))
    sentences = [text[at:at + 200] for at in range(0, min(len(text), 200_000), 200)]
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentences), model_writer=model, vocab_size=PIECES, model_type="bpe",
        byte_fallback=True, num_threads=1, minloglevel=2, split_digits=True, hard_vocab_limit=True,
    )
    return model.getvalue()


def smollm2_folder():
    return pathlib.Path.home() / ".quantdeck" / "checkpoints" / "SmolLM2-135M-Instruct"
