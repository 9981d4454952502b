"""Runs the installed converter on several checkpoints in one process, which saves its long start.

usage: convert_checkpoints.py <folder of the converter> <folder for the GGUFs> <folder of a checkpoint>...
Writes <name of the checkpoint>.gguf; prints {"name": "ok" or the error} as JSON.
"""

import contextlib
import json
import logging
import os
import sys

os.environ['TRANSFORMERS_VERBOSITY'] = 'error'
os.environ['HF_HUB_OFFLINE'] = '1'
CONVERTER, TARGET, *FOLDERS = sys.argv[1:]
sys.path.insert(0, CONVERTER)

import convert_hf_to_gguf  # noqa: E402

logging.disable(logging.CRITICAL)
outcomes = {}
for folder in FOLDERS:
    name = os.path.basename(folder)
    sys.argv = ['convert', folder, '--outfile', os.path.join(TARGET, f'{name}.gguf'), '--outtype', 'f16']
    try:
        with contextlib.redirect_stdout(sys.stderr):
            convert_hf_to_gguf.main()
        outcomes[name] = 'ok'
    except BaseException as error:  # SystemExit too
        outcomes[name] = f'{type(error).__name__}: {error}'[:200]
print(json.dumps(outcomes))
