"""The held-out corpus's own ways of breaking things, beside those of the second corpus."""

import gzip
import io
import json
import random
import re
import struct
import zipfile

from second_damage import config, encode_tensors, json_file, linear, raw, read_tensors, replace_file, tensors, zeros

WEIGHTS = "model.safetensors"
WEB_PAGE = b"<!DOCTYPE html>\n<html class=\"\"><head><title>Access restricted</title></head><body>" + b"<p>Please log in.</p>" * 90 + b"</body></html>\n"


def keep_only(*keys):
    """A configuration of which little is left."""
    return config(lambda content: [content.pop(key) for key in list(content) if key not in keys])


def one_level_deeper(folder):
    content = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    replace_file(folder / "config.json", json.dumps({"config": content}, indent=2))


def config_text(edit):
    return raw("config.json", lambda content: edit(content.decode("utf-8")))


def as_python(content):
    """What print(config) shows: a dictionary, no JSON."""
    return repr(json.loads(content))


def with_comments(content):
    return re.sub(r'^(\s*"num_hidden_layers".*)$', r"\1 // as in the paper", "/* edited by hand */\n" + json.dumps(json.loads(content), indent=2), flags=re.M)


def merge_conflict(content):
    """Two sides that differ in one line, as git leaves them."""
    lines = json.dumps(json.loads(content), indent=2).split("\n")
    at = next(at for at, line in enumerate(lines) if '"initializer_range"' in line)
    return "\n".join([*lines[:at], "<<<<<<< HEAD", lines[at], "=======", lines[at].replace("0.02", "0.006"), ">>>>>>> refs/pr/1", *lines[at + 1:]])


def gzipped(content):
    return gzip.compress(content, mtime=0)


def zipped(name):
    def edit(content):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr(zipfile.ZipInfo(name), content)
        return target.getvalue()
    return edit


def into_folder(name):
    """One folder too deep, as an archive unpacks or a trainer saves."""
    def apply(folder):
        (folder / name).mkdir()
        for file in list(folder.iterdir()):
            if file.is_file():
                file.rename(folder / name / file.name)
    return apply


def move(pattern, replacement):
    """Renames files."""
    def apply(folder):
        for file in list(folder.iterdir()):
            name = re.sub(pattern, replacement, file.name)
            if name != file.name:
                file.rename(folder / name)
    return apply


def copy(old, new):
    return lambda folder: replace_file(folder / new, (folder / old).read_bytes())


def swap_files(first, second):
    def apply(folder):
        one, other = (folder / first).read_bytes(), (folder / second).read_bytes()
        replace_file(folder / first, other)
        replace_file(folder / second, one)
    return apply


def renamed(pattern, replacement):
    return tensors(lambda name, *rest: [(re.sub(pattern, replacement, name), *rest)])


def added(*entries):
    """Further tensors at the end of the file."""
    def apply(folder):
        replace_file(folder / WEIGHTS, encode_tensors([*read_tensors(folder / WEIGHTS), *entries], {"format": "pt"}))
    return apply


def noise(name, dtype, shape):
    """Bytes that are no run of zeros."""
    _, _, _, content = zeros(name, dtype, shape)
    return name, dtype, shape, random.Random(17).randbytes(len(content))


def half_merged(pattern):
    """A merge that stopped: these projections still have the base weight and the two low-rank factors."""
    def edit(name, dtype, shape, content):
        if not (re.search(pattern, name) and name.endswith("_proj.weight")):
            return [(name, dtype, shape, content)]
        base = name.removesuffix(".weight")
        return [
            (base + ".base_layer.weight", dtype, shape, content),
            noise(base + ".lora_A.default.weight", "BF16", [4, shape[1]]),
            noise(base + ".lora_B.default.weight", "BF16", [shape[0], 4]),
        ]
    return tensors(edit)


def each_projection(make):
    return linear(make, r"(_proj|c_fc_\d|c_proj|out_proj)\.weight$")


NF4 = each_projection(lambda base, shape: [
    noise(base + ".weight", "U8", [shape[0] * shape[1] // 2, 1]), noise(base + ".weight.absmax", "U8", [shape[0] * shape[1] // 64]),
    zeros(base + ".weight.nested_absmax", "F32", [1]), zeros(base + ".weight.nested_quant_map", "F32", [256]),
    zeros(base + ".weight.quant_map", "F32", [16]), noise(base + ".weight.quant_state.bitsandbytes__nf4", "U8", [110]),
])
EXL2 = each_projection(lambda base, shape: [
    noise(base + ".q_weight", "I32", [shape[1] // 8, shape[0]]), noise(base + ".q_scale", "I32", [1, shape[0] // 8]), zeros(base + ".q_scale_max", "F16", [1]),
    zeros(base + ".q_groups", "I16", [2]), zeros(base + ".q_invperm", "I32", [shape[1]]),
])
AWQ = each_projection(lambda base, shape: [noise(base + ".qweight", "I32", [shape[1], shape[0] // 8]), noise(base + ".qzeros", "I32", [1, shape[0] // 8]), noise(base + ".scales", "F16", [1, shape[0]])])
GPTQ_ONE_LAYER = linear(lambda base, shape: [noise(base + ".qweight", "I32", [shape[1] // 8, shape[0]]), noise(base + ".qzeros", "I32", [1, shape[0] // 8]), noise(base + ".scales", "F16", [1, shape[0]]), zeros(base + ".g_idx", "I32", [shape[1]])], r"layers\.1\..*_proj\.weight$")
VPTQ = each_projection(lambda base, shape: [noise(base + ".indices", "I32", [1, shape[0], shape[1] // 16]), noise(base + ".centroids.weight", "BF16", [1, 256 * 8])])
TORCHAO = each_projection(lambda base, shape: [noise(base + ".weight:_weight_qdata", "I8", shape), noise(base + ".weight:_weight_scale", "BF16", [shape[0]])])
MLX_4 = each_projection(lambda base, shape: [noise(base + ".weight", "U32", [shape[0], shape[1] // 8]), noise(base + ".scales", "BF16", [shape[0], 1]), noise(base + ".biases", "BF16", [shape[0], 1])])


def first_offsets_overlap(content):
    """Two tensors that claim the same bytes: a header written by something else than safetensors."""
    size = struct.unpack_from("<Q", content)[0]
    header = json.loads(content[8:8 + size])
    names = [name for name in header if name != "__metadata__"]
    one, other = next((one, other) for one in names for other in names if one != other and header[one]["shape"] == header[other]["shape"])
    header[one]["data_offsets"] = header[other]["data_offsets"]
    encoded = json.dumps(header).encode()
    return struct.pack("<Q", len(encoded)) + encoded + content[8 + size:]


def deepspeed(folder):
    """A training run's state, before zero_to_fp32.py."""
    (folder / WEIGHTS).unlink()
    replace_file(folder / "latest", "global_step500")
    for rank in range(2):
        replace_file(folder / f"global_step500/bf16_zero_pp_rank_{rank}_mp_rank_00_optim_states.pt", b"PK\x03\x04" + bytes(80))
    replace_file(folder / "global_step500/mp_rank_00_model_states.pt", b"PK\x03\x04" + bytes(80))
    replace_file(folder / "zero_to_fp32.py", "raise SystemExit\n")


def fsdp(folder):
    (folder / WEIGHTS).unlink()
    for rank in range(2):
        replace_file(folder / f"pytorch_model_fsdp_0/__{rank}_0.distcp", b"PK\x03\x04" + bytes(80))
    replace_file(folder / "pytorch_model_fsdp_0/.metadata", b"\x80\x02}q\x00.")


def add_token(content, at):
    json_token = {"id": at, "content": content, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return json_file("tokenizer.json", lambda tokenizer: tokenizer["added_tokens"].append(json_token))

