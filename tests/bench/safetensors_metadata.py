"""Prints the milliseconds that huggingface_hub takes for the headers of a repository at HF_ENDPOINT, and the tensors it saw.

usage: safetensors_metadata.py <owner/name>
"""

import json
import sys
import time

from huggingface_hub import get_safetensors_metadata

started = time.monotonic()
metadata = get_safetensors_metadata(sys.argv[1])
elapsed_ms = (time.monotonic() - started) * 1000
print(json.dumps({'ms': elapsed_ms, 'tensors': len(metadata.weight_map)}))
