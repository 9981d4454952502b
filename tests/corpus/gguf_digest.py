"""What a GGUF holds, small enough to compare: each tensor's type, shape and content hash, each metadata value."""

import hashlib
import mmap
import struct

SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
STRING, ARRAY = 8, 9
SHOWN_CHARACTERS = 100


class Cursor:
    def __init__(self, data):
        self.data, self.at = data, 0

    def number(self, code):
        value = struct.unpack_from("<" + code, self.data, self.at)[0]
        self.at += struct.calcsize("<" + code)
        return value

    def string(self):
        length = self.number("Q")
        value = self.data[self.at:self.at + length]
        self.at += length
        return value


def skip_array(cursor):
    kind, length = cursor.number("I"), cursor.number("Q")
    if kind == STRING:
        for _ in range(length):
            cursor.string()
    elif kind == ARRAY:
        for _ in range(length):
            skip_array(cursor)
    else:
        cursor.at += length * struct.calcsize("<" + SCALARS[kind])


def read_value(cursor):
    kind = cursor.number("I")
    if kind == STRING:
        text = cursor.string()
        return text.decode("utf-8", "replace") if len(text) <= SHOWN_CHARACTERS else "sha256 " + hashlib.sha256(text).hexdigest()
    if kind == ARRAY:
        start = cursor.at
        skip_array(cursor)
        return "array sha256 " + hashlib.sha256(cursor.data[start:cursor.at]).hexdigest()
    return repr(cursor.number(SCALARS[kind]))


def digest(path):
    """{"metadata": {key: value}, "tensors": {name: "type [shape] sha256"}}"""
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        cursor = Cursor(data)
        if data[:4] != b"GGUF":
            raise ValueError(f"{path} is no GGUF")
        cursor.at = 8
        tensor_count, value_count = cursor.number("Q"), cursor.number("Q")
        metadata = {}
        for _ in range(value_count):
            key = cursor.string().decode()
            metadata[key] = read_value(cursor)
        infos = []
        for _ in range(tensor_count):
            name = cursor.string().decode()
            shape = [cursor.number("Q") for _ in range(cursor.number("I"))]
            infos.append((name, shape, cursor.number("I"), cursor.number("Q")))
        alignment = int(metadata.get("general.alignment", 32))
        start = -(-cursor.at // alignment) * alignment
        ends = sorted([offset for *_, offset in infos] + [len(data) - start])
        tensors = {}
        for name, shape, kind, offset in infos:
            end = next(other for other in ends if other > offset or other == ends[-1])
            content = hashlib.sha256(data[start + offset:start + end]).hexdigest()
            tensors[name] = f"type {kind} {shape} sha256 {content}"
        return {"metadata": metadata, "tensors": tensors}
