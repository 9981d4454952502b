"""Trains small tokenizers of many kinds and asks the installed converter for its hash of each.

usage: make_tokenizers.py <folder for the tokenizers> <folder of the converter>
Prints {"name": "hash"} as JSON; a name whose loading fails has the error's class instead.
"""

import json
import logging
import os
import sys

os.environ['TRANSFORMERS_VERBOSITY'] = 'error'
os.environ['HF_HUB_OFFLINE'] = '1'
OUT, CONVERTER = sys.argv[1:3]
sys.path.insert(0, CONVERTER)
sys.path.insert(1, os.path.join(CONVERTER, 'gguf-py'))

from conversion.base import TextModel  # noqa: E402
from tokenizers import (  # noqa: E402
    AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers,
)
from transformers import AutoTokenizer  # noqa: E402

TEXTS = [
    "The quick brown fox jumps over the lazy dog, and doesn't care. I've told you: we'll see, they'd say!",
    'on Tuesday 12 of 345 apples cost 6789.50 ------- ======= """quoted""" ``````',
    'ещё одна строка на Български, и нещо друго; 今天天气很好, 我想在家工作, ภาษาไทย កាន់តែពិសេស',
    'def f(x):\n    return x + 1\n\n\n\tif x:\n\t\tpass\n  # comment   with   spaces\n',
    '😀 🚀🚀 ✅ 🦙 🌫️ naïve café Ⅷ ½ ３３ ﬁne',
] * 40

GPT2 = None
LLAMA3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
          r"|\s+(?!\S)|\s+")
QWEN2 = LLAMA3.replace('{1,3}', '')
GPT4O = (r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
         r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
         r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")
TEKKEN = GPT4O.replace(r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?", '').replace(r'\p{N}{1,3}', r'\p{N}')
DEEPSEEK = [r'\p{N}{1,3}', '[一-龥぀-ゟ゠-ヿ]+',
            r'[!"#$%&\'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+'
            r'| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+']
P = pre_tokenizers


def split(pattern, behavior='isolated', invert=False):
    return P.Split(Regex(pattern), behavior, invert)


def byte_level(pre, special=('<|endoftext|>',), size=700, normalizer=None, **model):
    tokenizer = Tokenizer(models.BPE(**model))
    tokenizer.pre_tokenizer = pre
    tokenizer.decoder = decoders.ByteLevel()
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    trainer = trainers.BpeTrainer(vocab_size=size, special_tokens=list(special),
                                  initial_alphabet=P.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator(TEXTS, trainer)
    return tokenizer


def plain_bytes(prefix=False, regex=True):
    return P.ByteLevel(add_prefix_space=prefix, use_regex=regex)


def ends(tokenizer, single, *tokens):
    tokenizer.post_processor = processors.TemplateProcessing(
        single=single, special_tokens=[(each, tokenizer.token_to_id(each)) for each in tokens])
    return tokenizer


def spaced(prepend=True, special=('<unk>', '<s>', '</s>')):
    tokenizer = Tokenizer(models.BPE(byte_fallback=True, unk_token='<unk>', fuse_unk=True))
    steps = [normalizers.Prepend('▁')] if prepend else []
    replace = normalizers.Replace(' ', '▁')
    tokenizer.normalizer = normalizers.Sequence([*steps, replace]) if prepend else replace
    tokenizer.decoder = decoders.Sequence([decoders.Replace('▁', ' '), decoders.ByteFallback(), decoders.Fuse()])
    trainer = trainers.BpeTrainer(vocab_size=900, show_progress=False,
                                  special_tokens=[*special, *(f'<0x{i:02X}>' for i in range(256))])
    tokenizer.train_from_iterator(TEXTS, trainer)
    return tokenizer


def word_piece(lowercase):
    tokenizer = Tokenizer(models.WordPiece(unk_token='[UNK]'))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    tokenizer.pre_tokenizer = P.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(vocab_size=600, show_progress=False,
                                        special_tokens=['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'])
    tokenizer.train_from_iterator(TEXTS, trainer)
    return ends(tokenizer, '[CLS] $A [SEP]', '[CLS]', '[SEP]')


def unigram():
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = P.Metaspace()
    tokenizer.train_from_iterator(TEXTS, trainers.UnigramTrainer(vocab_size=500, special_tokens=['<unk>'],
                                                                 unk_token='<unk>', show_progress=False))
    return tokenizer


def with_added(tokenizer, *tokens):
    tokenizer.add_tokens([AddedToken(each, normalized=False) for each in tokens])
    return tokenizer


END = '<|endoftext|>'
GPT = {'bos_token': END, 'eos_token': END, 'unk_token': END}
CLOSED = {'bos_token': '<s>', 'eos_token': '</s>', 'unk_token': '<unk>'}


def bpe(pattern, **kwargs):
    return byte_level(P.Sequence([split(pattern), plain_bytes(regex=False)]), **kwargs)


def variants():
    yield 'gpt2', byte_level(plain_bytes()), 'GPT2Tokenizer', GPT
    yield 'gpt2-prefix', byte_level(plain_bytes()), 'GPT2TokenizerFast', {**GPT, 'add_prefix_space': True}
    yield 'gpt2-prefix-off', byte_level(plain_bytes(True)), 'GPT2Tokenizer', GPT
    yield 'any-prefix-off', byte_level(plain_bytes(True)), 'PreTrainedTokenizerFast', {'eos_token': END}
    yield 'any-prefix-null', byte_level(plain_bytes(True)), 'PreTrainedTokenizerFast', {'add_prefix_space': None}
    yield 'llama3', ends(bpe(LLAMA3, special=('<s>',), ignore_merges=True), '<s> $A', '<s>'), 'PreTrainedTokenizerFast', {
        'bos_token': '<s>'}
    yield 'llama3-smaug', bpe(LLAMA3, ignore_merges=True), 'PreTrainedTokenizerFast', {}
    yield 'qwen2', bpe(QWEN2, normalizer=normalizers.NFC()), 'Qwen2Tokenizer', {'eos_token': END, 'pad_token': END}
    yield 'gpt4o', bpe(GPT4O), 'PreTrainedTokenizerFast', {}
    yield 'tekken', bpe(TEKKEN), 'PreTrainedTokenizerFast', {}
    yield 'phi4', byte_level(P.Sequence([split(LLAMA3, 'removed', True), plain_bytes(regex=False)])), 'GPT2Tokenizer', GPT
    yield 'deepseek', byte_level(
        P.Sequence([*(split(each) for each in DEEPSEEK), plain_bytes(regex=False)]), special=('<s>', '</s>', '<unk>'),
    ), 'LlamaTokenizerFast', {**CLOSED, 'add_eos_token': False}
    yield 'deepseek-ends', byte_level(
        P.Sequence([*(split(each) for each in DEEPSEEK), plain_bytes(regex=False)]), special=('<s>', '</s>', '<unk>'),
    ), 'LlamaTokenizer', {**CLOSED, 'add_bos_token': False, 'add_eos_token': True, 'eos_token': {
        '__type': 'AddedToken', 'content': '</s>', 'lstrip': False, 'rstrip': False, 'normalized': True,
        'single_word': False}}
    yield 'smollm', byte_level(P.Sequence([P.Digits(True), plain_bytes()])), 'GPT2Tokenizer', GPT
    yield 'digits-together', byte_level(P.Sequence([P.Digits(False), plain_bytes()])), 'GPT2Tokenizer', GPT
    yield 'neox', ends(byte_level(plain_bytes()), f'{END} $A', END), 'GPTNeoXTokenizer', GPT
    yield 'cohere', byte_level(
        P.Sequence([P.Digits(True), plain_bytes()]), special=('<BOS>', '<EOS>', '<UNK>'), normalizer=normalizers.NFC(),
    ), 'CohereTokenizer', {'bos_token': '<BOS>', 'eos_token': '<EOS>', 'unk_token': '<UNK>'}
    yield 'nfkc-lower', byte_level(
        plain_bytes(), normalizer=normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()]),
    ), 'PreTrainedTokenizerFast', {}
    roberta = byte_level(plain_bytes(), special=('<s>', '</s>', '<pad>', '<unk>', '<mask>'))
    roberta.post_processor = processors.RobertaProcessing(('</s>', 1), ('<s>', 0), add_prefix_space=False)
    yield 'roberta', roberta, 'RobertaTokenizer', {}
    yield 'llama2', spaced(), 'LlamaTokenizer', {**CLOSED, 'legacy': False}
    yield 'llama2-eos', spaced(), 'LlamaTokenizerFast', {**CLOSED, 'add_eos_token': True}
    gemma = spaced(False, ('<pad>', '<eos>', '<bos>', '<unk>'))
    gemma.pre_tokenizer = P.Split(' ', 'merged_with_previous')
    yield 'gemma', gemma, 'GemmaTokenizer', {
        'bos_token': '<bos>', 'eos_token': '<eos>', 'pad_token': '<pad>', 'unk_token': '<unk>'}
    yield 'bert', word_piece(True), 'BertTokenizer', {'do_lower_case': True}
    yield 'bert-cased-by-config', word_piece(True), 'BertTokenizer', {'do_lower_case': False}
    yield 'bert-lower-by-default', word_piece(False), 'DistilBertTokenizer', {}
    yield 'added-in-text', with_added(byte_level(plain_bytes()), ' (normal)', '33', '\n\n'), 'GPT2Tokenizer', GPT
    yield 'added-by-config', byte_level(plain_bytes()), 'GPT2Tokenizer', {**GPT, 'added_tokens_decoder': {
        '700': {'content': '<|im_start|>', 'special': True}, '701': {'content': '<|im_end|>', 'special': True}}}
    yield 'added-by-config-in-text', byte_level(plain_bytes()), 'GPT2Tokenizer', {**GPT, 'added_tokens_decoder': {
        '700': {'content': 'apple', 'special': False}}}
    yield 'vocab-gpt2', byte_level(plain_bytes()), 'GPT2Tokenizer', GPT
    yield 'vocab-gpt2-begins', byte_level(plain_bytes()), 'GPT2Tokenizer', {**GPT, 'add_bos_token': True}
    yield 'vocab-gpt2-digits', byte_level(P.Sequence([P.Digits(True), plain_bytes()])), 'GPT2Tokenizer', {
        **GPT, 'add_prefix_space': True}
    yield 'vocab-qwen2', bpe(QWEN2, normalizer=normalizers.NFC()), 'Qwen2Tokenizer', {'eos_token': END, 'pad_token': END}
    yield 'vocab-llama', bpe(LLAMA3), 'LlamaTokenizer', {}
    yield 'punctuation', byte_level(P.Sequence([P.Punctuation('isolated'), plain_bytes()])), 'PreTrainedTokenizerFast', {}
    yield 'whitespace', byte_level(P.Sequence([P.Whitespace(), plain_bytes()])), 'PreTrainedTokenizerFast', {}
    yield 'metaspace', byte_level(P.Metaspace()), 'PreTrainedTokenizerFast', {}
    yield 'unigram', unigram(), 'PreTrainedTokenizerFast', {'unk_token': '<unk>'}
    yield 'unknown-class', byte_level(plain_bytes()), 'TokenizersBackend', {}
    yield 'list-of-extra-tokens', byte_level(plain_bytes()), 'PreTrainedTokenizerFast', {'extra_special_tokens': ['<a>']}


class Hashes(logging.Handler):
    found = None

    def emit(self, record):
        message = record.getMessage()
        if message.startswith('chkhsh: '):
            self.found = message.removeprefix('chkhsh: ')


handler = Hashes()
logging.getLogger('hf-to-gguf').addHandler(handler)
logging.getLogger('hf-to-gguf').setLevel(logging.DEBUG)


def hash_of(folder):
    try:
        TextModel.get_vocab_base_pre(None, AutoTokenizer.from_pretrained(folder))
    except NotImplementedError:
        pass
    except Exception as error:
        return type(error).__name__
    return handler.found


if __name__ == '__main__':
    hashes = {}
    for name, tokenizer, tokenizer_class, config in variants():
        folder = os.path.join(OUT, name)
        os.makedirs(folder)
        tokenizer.save(os.path.join(folder, 'tokenizer.json'))
        if name.startswith('vocab-'):
            os.remove(os.path.join(folder, 'tokenizer.json'))
            tokenizer.model.save(folder)
        with open(os.path.join(folder, 'tokenizer_config.json'), 'w', encoding='utf-8') as file:
            json.dump({'tokenizer_class': tokenizer_class, **config}, file)
        hashes[name] = hash_of(folder)
    for folder in sys.argv[3:]:
        hashes[folder] = hash_of(folder)
    print(json.dumps(hashes))
