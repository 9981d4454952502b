"""The second corpus's own ways of breaking things: on the bytes of safetensors files and the text of JSON, without torch."""

import json
import pickle
import re
import struct


def replace_file(path, content):
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))


def config(edit):
    """Edits the configuration as a dictionary, in place."""
    return json_file("config.json", edit)


def json_file(name, edit):
    def apply(folder):
        content = json.loads((folder / name).read_text(encoding="utf-8"))
        edit(content)
        replace_file(folder / name, json.dumps(content, ensure_ascii=False))
    return apply


def values(**wanted):
    return config(lambda content: content.update(wanted))


def without(*keys):
    def edit(content):
        for key in keys:
            del content[key]
    return config(edit)


def section(name, edit):
    return config(lambda content: edit(content[name]))


def text(name, pattern, replacement):
    """A regular expression over a file's text; it must match."""
    def apply(folder):
        before = (folder / name).read_text(encoding="utf-8")
        after = re.sub(pattern, replacement, before, count=1)
        if after == before:
            raise ValueError(f"{pattern} is not in {name}")
        replace_file(folder / name, after)
    return apply


def raw(name, edit):
    """Edits a file's bytes."""
    return lambda folder: replace_file(folder / name, edit((folder / name).read_bytes()))


def new_file(name, content):
    return lambda folder: replace_file(folder / name, content)


def delete(*names):
    def apply(folder):
        for name in names:
            (folder / name).unlink()
    return apply


def rename(old, new):
    return lambda folder: (folder / old).rename(folder / new)


def read_tensors(path):
    """[(name, dtype, shape, bytes)] of a safetensors file, in the order of its data."""
    content = path.read_bytes()
    size = struct.unpack_from("<Q", content)[0]
    header = json.loads(content[8:8 + size])
    header.pop("__metadata__", None)
    start = 8 + size
    entries = [(name, info["dtype"], info["shape"], content[start + info["data_offsets"][0]:start + info["data_offsets"][1]]) for name, info in header.items()]
    return sorted(entries, key=lambda entry: header[entry[0]]["data_offsets"][0])


def encode_tensors(entries, metadata=None):
    header, at, parts = {} if metadata is None else {"__metadata__": metadata}, 0, []
    for name, dtype, shape, content in entries:
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [at, at + len(content)]}
        at += len(content)
        parts.append(content)
    encoded = json.dumps(header, separators=(",", ":")).encode("utf-8")
    encoded += b" " * (-len(encoded) % 8)
    return struct.pack("<Q", len(encoded)) + encoded + b"".join(parts)


def tensors(edit, name="model.safetensors"):
    """`edit` gets one tensor as (name, dtype, shape, bytes) and gives a list of those to write instead of it."""
    def apply(folder):
        entries = [new for entry in read_tensors(folder / name) for new in edit(*entry)]
        replace_file(folder / name, encode_tensors(entries, {"format": "pt"}))
    return apply


def lose(pattern):
    return tensors(lambda name, *rest: [] if re.search(pattern, name) else [(name, *rest)])


def prefixed(prefix):
    return tensors(lambda name, *rest: [(prefix + name, *rest)])


def linear(make, pattern=r"\.\d+\..*\.weight$"):
    """Replaces each two-dimensional weight of such a name, by itself each inside a layer, by what `make` gives."""
    def edit(name, dtype, shape, content):
        if re.search(pattern, name) and len(shape) == 2:
            return make(name.removesuffix(".weight"), shape)
        return [(name, dtype, shape, content)]
    return tensors(edit)


def zeros(name, dtype, shape):
    widths = {"U8": 1, "I8": 1, "F8_E4M3": 1, "F16": 2, "BF16": 2, "I16": 2, "I32": 4, "U32": 4, "F32": 4}
    count = widths[dtype]
    for length in shape:
        count *= length
    return name, dtype, shape, bytes(count)


def split(parts, with_index=True, pattern="model-{:05d}-of-{:05d}.safetensors"):
    def apply(folder):
        entries = read_tensors(folder / "model.safetensors")
        (folder / "model.safetensors").unlink()
        weight_map = {}
        for part in range(parts):
            file = pattern.format(part + 1, parts)
            mine = entries[part::parts]
            replace_file(folder / file, encode_tensors(mine, {"format": "pt"}))
            weight_map.update({name: file for name, *_ in mine})
        if with_index:
            replace_file(folder / "model.safetensors.index.json", json.dumps({"metadata": {"total_size": 0}, "weight_map": weight_map}))
    return apply


def doubled(target):
    """A second file with the same names, its bytes turned round."""
    def apply(folder):
        entries = [(name, dtype, shape, content[::-1]) for name, dtype, shape, content in read_tensors(folder / "model.safetensors")]
        replace_file(folder / target, encode_tensors(entries))
    return apply


def as_pickle(name):
    def apply(folder):
        replace_file(folder / name, pickle.dumps({"weights": [0.0] * 100}))
        (folder / "model.safetensors").unlink()
    return apply


def pointer(name):
    return raw(name, lambda content: f"version https://git-lfs.github.com/spec/v1\noid sha256:{'b5' * 32}\nsize {len(content)}\n".encode())
