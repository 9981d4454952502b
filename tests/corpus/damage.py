"""Ways in which people's checkpoints are broken. Each function returns one that damages a folder.

Files are links to the healthy checkpoint's: whatever is written is written anew, never in place.
"""

import json
import shutil

import torch
from safetensors.torch import load_file, save_file

WEIGHTS = "model.safetensors"
INDEX = "model.safetensors.index.json"
LFS_POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize {}\n"


def write(path, content):
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content, indent=2), encoding="utf-8")


def read_json(path):
    return json.loads(path.read_text(encoding="utf-8"))


def write_weights(folder, tensors, name=WEIGHTS):
    (folder / name).unlink(missing_ok=True)
    save_file({key: value.contiguous() for key, value in tensors.items()}, folder / name, metadata={"format": "pt"})


# config.json


def set_config(**fields):
    def apply(folder):
        write(folder / "config.json", {**read_json(folder / "config.json"), **fields})
    return apply


def drop_config(*keys):
    def apply(folder):
        write(folder / "config.json", {key: value for key, value in read_json(folder / "config.json").items() if key not in keys})
    return apply


def keep_config(*keys):
    def apply(folder):
        write(folder / "config.json", {key: value for key, value in read_json(folder / "config.json").items() if key in keys})
    return apply


def edit_text(name, edit):
    def apply(folder):
        write(folder / name, edit((folder / name).read_text(encoding="utf-8")))
    return apply


def config_of(family):
    def apply(folder):
        shutil_copy(folder.parents[2] / "healthy" / family / folder.name / "config.json", folder / "config.json")
    return apply


def shutil_copy(source, target):
    target.unlink(missing_ok=True)
    shutil.copyfile(source, target)


# files


def remove(*names):
    def apply(folder):
        for name in names:
            (folder / name).unlink()
    return apply


def put(name, content):
    return lambda folder: write(folder / name, content)


def lfs_pointer(name):
    def apply(folder):
        size = (folder / name).stat().st_size
        write(folder / name, LFS_POINTER.format("4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393", size))
    return apply


def truncate(name, keep):
    """Keeps a fraction of the file, or so many bytes."""
    def apply(folder):
        content = (folder / name).read_bytes()
        write(folder / name, content[: int(len(content) * keep) if keep < 1 else int(keep)])
    return apply


def files_of(family, *names):
    def apply(folder):
        for name in names:
            shutil_copy(folder.parents[2] / "healthy" / family / folder.name / name, folder / name)
    return apply


# weights


def shard(count=3, index=True):
    """The same weights in several files, as save_pretrained writes them."""
    def apply(folder):
        tensors = load_file(folder / WEIGHTS)
        (folder / WEIGHTS).unlink()
        names = sorted(tensors)
        size = -(-len(names) // count)
        weight_map = {}
        for part in range(count):
            file = f"model-{part + 1:05d}-of-{count:05d}.safetensors"
            mine = names[part * size:(part + 1) * size]
            write_weights(folder, {name: tensors[name] for name in mine}, file)
            weight_map.update(dict.fromkeys(mine, file))
        if index:
            total = sum(tensor.nbytes for tensor in tensors.values())
            write(folder / INDEX, {"metadata": {"total_size": total}, "weight_map": weight_map})
    return apply


def edit_index(edit):
    def apply(folder):
        index = read_json(folder / INDEX)
        edit(index["weight_map"])
        write(folder / INDEX, index)
    return apply


def edit_tensors(edit, name=WEIGHTS):
    """Edits the dictionary of tensors in place, or returns another."""
    def apply(folder):
        tensors = load_file(folder / name)
        write_weights(folder, edit(tensors) or tensors, name)
    return apply


def drop_tensors(*fragments):
    return edit_tensors(lambda tensors: {name: value for name, value in tensors.items() if not any(part in name for part in fragments)})


def rename_tensors(rename):
    return edit_tensors(lambda tensors: {rename(name): value for name, value in tensors.items()})


def scaled_copy(target, factor=2.0):
    """Another file with the same tensor names and other values: what a merge or an old upload leaves behind."""
    return lambda folder: write_weights(folder, {name: value * factor for name, value in load_file(folder / WEIGHTS).items()}, target)


def add_inverse_frequencies(theta, head_dim):
    """What transformers saved until 2023 in every layer: 1 / theta^(2i / head_dim)."""
    def edit(tensors):
        frequencies = 1.0 / (theta ** (torch.arange(0, head_dim, 2, dtype=torch.float32) / head_dim))
        layers = {name.split(".")[2] for name in tensors if name.startswith("model.layers.")}
        for layer in layers:
            tensors[f"model.layers.{layer}.self_attn.rotary_emb.inv_freq"] = frequencies.clone()
    return edit_tensors(edit)


def pickle_weights(folder):
    torch.save(load_file(folder / WEIGHTS), folder / "pytorch_model.bin")
    (folder / WEIGHTS).unlink()


def adapter(folder, keep_model=False):
    """A LoRA adapter as PEFT saves it."""
    write(folder / "adapter_config.json", {"base_model_name_or_path": "someone/base", "peft_type": "LORA", "r": 4, "lora_alpha": 8, "target_modules": ["q_proj", "v_proj"], "task_type": "CAUSAL_LM"})
    low_rank = {}
    for layer in range(4):
        low_rank[f"base_model.model.model.layers.{layer}.self_attn.q_proj.lora_A.weight"] = torch.randn(4, 64)
        low_rank[f"base_model.model.model.layers.{layer}.self_attn.q_proj.lora_B.weight"] = torch.randn(64, 4)
    write_weights(folder, low_rank, "adapter_model.safetensors")
    if not keep_model:
        (folder / WEIGHTS).unlink()


def each_projection(tensors, replace):
    """Replaces every linear weight of the layers by what `replace` makes of it: a dictionary of suffixes and tensors."""
    edited = {}
    for name, value in tensors.items():
        if name.endswith("_proj.weight") and value.dim() == 2:
            base = name[: -len(".weight")]
            edited.update({base + suffix: tensor for suffix, tensor in replace(value).items()})
        else:
            edited[name] = value
    return edited


def packed(value, divisor=2, dtype=torch.uint8):
    return torch.randint(0, 100, (value.shape[0], max(1, value.shape[1] // divisor)), dtype=torch.int32).to(dtype)


def quantize_weights(replace):
    return edit_tensors(lambda tensors: each_projection(tensors, replace))


BITSANDBYTES_4 = quantize_weights(lambda value: {
    ".weight": packed(value.reshape(-1, 1), 1), ".weight.absmax": torch.rand(value.numel() // 64), ".weight.quant_map": torch.rand(16),
    ".weight.quant_state.bitsandbytes__nf4": torch.zeros(80, dtype=torch.uint8),
})
BITSANDBYTES_8 = quantize_weights(lambda value: {".weight": packed(value, 1, torch.int8), ".SCB": torch.rand(value.shape[0])})
GPTQ = quantize_weights(lambda value: {
    ".qweight": packed(value.T, 8, torch.int32), ".qzeros": packed(value.T, 8, torch.int32), ".scales": torch.rand(1, value.shape[0]).half(),
    ".g_idx": torch.zeros(value.shape[1], dtype=torch.int32),
})
AWQ = quantize_weights(lambda value: {".qweight": packed(value.T, 8, torch.int32), ".qzeros": packed(value.T, 8, torch.int32), ".scales": torch.rand(1, value.shape[0]).half()})
MLX = quantize_weights(lambda value: {".weight": packed(value, 8, torch.int32).view(torch.uint32), ".scales": torch.rand(value.shape[0], 1).half(), ".biases": torch.rand(value.shape[0], 1).half()})
QUANTO = quantize_weights(lambda value: {".weight._data": packed(value, 1, torch.int8), ".weight._scale": torch.rand(value.shape[0], 1), ".input_scale": torch.ones(1), ".output_scale": torch.ones(1)})
HQQ = quantize_weights(lambda value: {".W_q": packed(value, 2), ".scale": torch.rand(value.shape[0], 1), ".zero": torch.rand(value.shape[0], 1)})
FP8 = quantize_weights(lambda value: {".weight": value.to(torch.float8_e4m3fn), ".weight_scale_inv": torch.rand(1, 1)})
PEFT_MERGE_FORGOTTEN = quantize_weights(lambda value: {".base_layer.weight": value, ".lora_A.default.weight": torch.randn(4, value.shape[1]), ".lora_B.default.weight": torch.randn(value.shape[0], 4)})


# tokenizer


def edit_json(name, edit):
    def apply(folder):
        content = read_json(folder / name)
        edit(content)
        write(folder / name, content)
    return apply


def add_tokens(count, first):
    """Tokens that a fine-tune added, while the embedding was not resized."""
    def edit(tokenizer):
        for at in range(count):
            tokenizer["added_tokens"].append({"id": first + at, "content": f"<|extra_{at}|>", "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True})
    return edit_json("tokenizer.json", edit)


def change_pre_tokenizer(tokenizer):
    """Another way to cut text into words: the same vocabulary, another meaning, and a hash that nobody knows."""
    tokenizer["pre_tokenizer"] = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": False}
