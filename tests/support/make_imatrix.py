"""Writes an importance matrix with one entry, enough for llama-quantize to count as having one.

usage: python make_imatrix.py CONVERT_FOLDER TARGET_FILE
"""

import pathlib
import sys

import numpy

sys.path.insert(0, str(pathlib.Path(sys.argv[1]) / "gguf-py"))
import gguf  # noqa: E402

writer = gguf.GGUFWriter(sys.argv[2], arch="imatrix")
writer.add_type("imatrix")
writer.add_array("imatrix.datasets", ["none"])
writer.add_uint32("imatrix.chunk_count", 1)
writer.add_uint32("imatrix.chunk_size", 512)
writer.add_tensor("none.weight.in_sum2", numpy.ones((1, 32), dtype=numpy.float32))
writer.add_tensor("none.weight.counts", numpy.ones((1, 1), dtype=numpy.float32))
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
