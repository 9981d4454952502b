"""Makes small checkpoints with sound weights and faulty tokenizer files.

usage: make_tokenizer_faults.py <folder> <folder of SmolLM2, whose tokenizer the converter knows>
"""

import json
import os
import shutil
import sys

os.environ['TRANSFORMERS_VERBOSITY'] = 'error'
os.environ['HF_HUB_OFFLINE'] = '1'
OUT, SMOL = sys.argv[1:3]

import sentencepiece  # noqa: E402
import torch  # noqa: E402
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers  # noqa: E402
from transformers import (  # noqa: E402
    Gemma2Config, Gemma2ForCausalLM, GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM, Phi3Config,
    Phi3ForCausalLM, Qwen2Config, Qwen2ForCausalLM,
)

SIZES = {'hidden_size': 32, 'intermediate_size': 48, 'num_hidden_layers': 1, 'num_attention_heads': 4,
         'num_key_value_heads': 2, 'bos_token_id': 0, 'eos_token_id': 0, 'pad_token_id': 0}
FAMILIES = {
    'llama': lambda rows: LlamaForCausalLM(LlamaConfig(vocab_size=rows, **SIZES)),
    'qwen2': lambda rows: Qwen2ForCausalLM(Qwen2Config(vocab_size=rows, **SIZES)),
    'phi3': lambda rows: Phi3ForCausalLM(Phi3Config(vocab_size=rows, sliding_window=None, **SIZES)),
    'gemma2': lambda rows: Gemma2ForCausalLM(Gemma2Config(vocab_size=rows, head_dim=8, **SIZES)),
    'gpt2': lambda rows: GPT2LMHeadModel(GPT2Config(
        vocab_size=rows, n_embd=32, n_layer=1, n_head=4, n_ctx=1024, bos_token_id=0,
        eos_token_id=0)),
}
TEXTS = ['the quick brown fox jumps over the lazy dog 12345', 'hello world, this is a test of a tokenizer'] * 50
SPECIAL = {'bos_token': '<|im_start|>', 'eos_token': '<|im_end|>', 'unk_token': '<|endoftext|>'}
ROWS = 49152


def case(name, family, rows, config=None, smol=True):
    folder = os.path.join(OUT, name)
    os.makedirs(folder)
    torch.manual_seed(1)
    FAMILIES[family](rows).save_pretrained(folder)
    if smol:
        shutil.copy(os.path.join(SMOL, 'tokenizer.json'), folder)
    if config is not None:
        with open(os.path.join(folder, 'tokenizer_config.json'), 'w', encoding='utf-8') as file:
            json.dump(config, file)
    return folder


def byte_fallback():
    tokenizer = Tokenizer(models.BPE(byte_fallback=True, unk_token='<unk>', fuse_unk=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend('▁'), normalizers.Replace(' ', '▁')])
    tokenizer.decoder = decoders.Sequence([decoders.Replace('▁', ' '), decoders.ByteFallback(), decoders.Fuse()])
    tokenizer.train_from_iterator(TEXTS, trainers.BpeTrainer(
        vocab_size=400, show_progress=False,
        special_tokens=['<unk>', '<s>', '</s>', *(f'<0x{i:02X}>' for i in range(256))]))
    return tokenizer


def of_its_own():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(TEXTS, trainers.BpeTrainer(
        vocab_size=400, show_progress=False, special_tokens=['<|endoftext|>'],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    return tokenizer


def sentence_piece(folder, pieces=320):
    source = os.path.join(OUT, 'texts.txt')
    with open(source, 'w', encoding='utf-8') as file:
        file.write('\n'.join(TEXTS))
    sentencepiece.SentencePieceTrainer.train(
        input=source, model_prefix=os.path.join(folder, 'tokenizer'), vocab_size=pieces, model_type='bpe',
        byte_fallback=True, minloglevel=2)
    os.remove(os.path.join(folder, 'tokenizer.vocab'))
    os.remove(source)


GPT2 = {'tokenizer_class': 'GPT2Tokenizer', **SPECIAL}
case('sound-phi4', 'phi3', ROWS, GPT2)
case('phi4-other-class', 'phi3', ROWS, {**GPT2, 'tokenizer_class': 'PreTrainedTokenizerFast'})
case('phi4-no-class', 'phi3', ROWS, SPECIAL)
case('sound-llama', 'llama', ROWS, GPT2)
case('transformers-5', 'llama', ROWS, {**SPECIAL, 'tokenizer_class': 'TokenizersBackend',
                                       'extra_special_tokens': ['<|im_start|>']})
case('transformers-5-list', 'qwen2', ROWS, {**GPT2, 'extra_special_tokens': ['<|im_start|>', '<|im_end|>']})
case('gemma2-no-model', 'gemma2', ROWS, {**GPT2, 'tokenizer_class': 'GemmaTokenizer'})
case('pad-beyond-rows', 'llama', ROWS, {**GPT2, 'pad_token': '[PAD]'})
case('added-beyond-rows', 'qwen2', ROWS, {**GPT2, 'added_tokens_decoder': {
    '49152': {'content': '<|tool|>', 'special': True, 'lstrip': False, 'rstrip': False, 'normalized': False}}})
case('pad-with-a-row', 'llama', ROWS + 8, {**GPT2, 'pad_token': '[PAD]'})
with open(os.path.join(case('tiktoken-as-model', 'llama', ROWS, GPT2), 'tokenizer.model'), 'w', encoding='ascii') as file:
    file.write('IQ== 0\nIg== 1\nIw== 2\n' * 100)
os.rename(os.path.join(case('tekken-only', 'llama', ROWS), 'tokenizer.json'), os.path.join(OUT, 'tekken-only/tekken.json'))
of_its_own().save(os.path.join(case('unknown-pre-tokenizer', 'gpt2', 400, {
    'tokenizer_class': 'GPT2Tokenizer'}, smol=False), 'tokenizer.json'))
LLAMA2 = {'tokenizer_class': 'LlamaTokenizerFast', 'bos_token': '<s>', 'eos_token': '</s>', 'unk_token': '<unk>'}
fallback = byte_fallback()
fallback.save(os.path.join(
    case('sound-byte-fallback', 'llama', fallback.get_vocab_size(), LLAMA2, smol=False), 'tokenizer.json'))
fallback.save(os.path.join(
    case('byte-fallback-padded', 'llama', fallback.get_vocab_size() + 16, LLAMA2, smol=False), 'tokenizer.json'))
sentence_piece(case('sound-sentencepiece', 'llama', 336, LLAMA2, smol=False))
# Not phi3: llama.cpp expects the tokens of Phi-3 of every model with that in its name.
sentence_piece(case('sound-phi-with-pieces', 'phi3', 336, {**LLAMA2, 'tokenizer_class': 'LlamaTokenizer'}, smol=False))
sentence_piece(case('phi3-pieces-beyond-rows', 'phi3', 316, LLAMA2, smol=False))
sentence_piece(case('phi3-added-beyond-rows', 'phi3', 336, {**LLAMA2, 'added_tokens_decoder': {
    '336': {'content': '<|tool|>', 'special': True}}}, smol=False))
sentence_piece(case('sound-gemma2', 'gemma2', 336, {**LLAMA2, 'tokenizer_class': 'GemmaTokenizer'}, smol=False))
for name, family in (('vocab-and-merges', 'gpt2'), ('vocab-and-merges-qwen2', 'qwen2')):
    folder = case(name, family, ROWS, {**SPECIAL, 'tokenizer_class': 'GPT2Tokenizer' if family == 'gpt2' else 'Qwen2Tokenizer'},
                  smol=False)
    for each in ('vocab.json', 'merges.txt'):
        shutil.copy(os.path.join(SMOL, each), folder)
