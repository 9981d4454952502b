"""Converts checkpoints with the installed converter's own classes, all in one process and without their tokenizers.

Tiny models have no real tokenizer, and the converter knows tokenizers by their hash. What is written of tensors and
parameters does not depend on it, so only `set_vocab` is replaced.

usage: python convert_without_tokenizer.py CONVERT_SCRIPT TARGET_FOLDER CHECKPOINT...
Writes TARGET_FOLDER/<name of the checkpoint>.gguf, prints one line for each: `converted NAME` or `refused NAME: why`.
"""

import logging
import pathlib
import sys


def count_tokens(self):
    self._set_vocab_none()
    # Without tokens, llama.cpp takes the number of embedding rows from here when it loads the file.
    self.gguf_writer.add_vocab_size(self.hparams["vocab_size"])


def convert(conversion, gguf, folder, target):
    hparams = conversion.ModelBase.load_hparams(folder, False)
    architecture = conversion.get_model_architecture(hparams, conversion.ModelType.TEXT)
    model_class = conversion.get_model_class(architecture)
    model_class.set_vocab = count_tokens
    model_class(folder, gguf.LlamaFileType.GUESSED, target).write()


def main(script, target, checkpoints):
    sys.path.insert(0, str(pathlib.Path(script).parent))
    import conversion
    from conversion import base

    logging.disable(logging.WARNING)
    for folder in map(pathlib.Path, checkpoints):
        try:
            convert(conversion, base.gguf, folder, pathlib.Path(target) / f"{folder.name}.gguf")
            print("converted", folder.name, flush=True)
        except Exception as error:  # one that this converter cannot do is reported, not hidden
            print(f"refused {folder.name}: {type(error).__name__} {str(error)[:200]}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
