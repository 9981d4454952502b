"""Runs llama.cpp's own tools over many checkpoints: convert, digest, quantize, load and generate.

usage: python run_llama_cpp.py TOOLCHAIN_FOLDER < requests > answers
One JSON object a line each way. A request: {"id", "folder", "work", "keep": bool, "tools": bool}. The converter's
imports take eight seconds, so they are done once here and each conversion is a fork of this process: its own memory,
its own exit, and nothing of the converter is changed.
"""

import collections
import json
import os
import pathlib
import re
import resource
import runpy
import signal
import subprocess
import sys
import traceback

TIMEOUT_SECONDS = 120
# A damaged number must not take the whole machine: the converter makes names for every layer that config.json claims.
MOST_BYTES = 6 * 1024**3
PARALLEL = max(1, min(4, os.cpu_count() or 1))
QUANTIZED = "Q8_0"


def preload(toolchain):
    """What the converter imports anyway; read before forking, so that each fork finds it in memory."""
    sys.path.insert(0, str(toolchain / "convert" / "gguf-py"))
    sys.path.insert(0, str(toolchain / "convert"))
    import conversion  # noqa: F401
    import transformers
    from transformers.models.auto import configuration_auto, tokenization_auto  # noqa: F401

    for name in ("AutoConfig", "AutoTokenizer", "PreTrainedTokenizerFast", "GPT2TokenizerFast", "GPT2Tokenizer"):
        getattr(transformers, name)


def convert(toolchain, folder, target, log):
    """The converter's main program as a person would start it, within bounds. Never returns."""
    signal.alarm(2 * TIMEOUT_SECONDS)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(output, 1)
    os.dup2(output, 2)
    script = toolchain / "convert" / "convert_hf_to_gguf.py"
    sys.argv = [str(script), str(folder), "--outfile", str(target), "--outtype", "bf16", "--model-name", "corpus"]
    code = 1
    try:
        runpy.run_path(str(script), run_name="__main__")
        code = 0
    except SystemExit as end:
        code = 0 if end.code is None else end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def run_tool(command, log):
    with open(log, "wb") as output:
        try:
            code = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, timeout=TIMEOUT_SECONDS).returncode
        except subprocess.TimeoutExpired:
            code = 124
    return {"exitCode": code, "lastLine": last_error(log) if code else ""}


def last_error(log):
    """The line of a log that says most about its end, without the folders of this machine."""
    lines = [line.strip() for line in pathlib.Path(log).read_text("utf-8", "replace").splitlines() if line.strip()]
    telling = [line for line in lines if re.search(r"error|exception|not found|wrong shape|not supported|missing|failed", line, re.I)]
    raised = [line for line in telling if re.match(r"[\w.]*(Error|Exception)\b", line)]
    line = raised[-1] if raised else (telling or lines or [""])[0]
    return re.sub(r"(/[^\s'\":]+)+/(?=[^/\s])", "", line)[:300]


def use_tools(toolchain, target, work):
    quantized = target.with_suffix(".q8.gguf")
    tools = toolchain / "bin"
    answer = {"quantize": run_tool([tools / "llama-quantize", target, quantized, QUANTIZED, "1"], work / "quantize.log")}
    if answer["quantize"]["exitCode"] == 0:
        answer["generate"] = run_tool(generate_command(tools, quantized, target), work / "generate.log")
    quantized.unlink(missing_ok=True)
    return answer


def generate_command(tools, quantized, target):
    """An encoder writes nothing; it is fed instead."""
    import gguf_digest

    metadata = gguf_digest.digest(target)["metadata"]
    architecture = metadata.get("general.architecture", "")
    if metadata.get(f"{architecture}.attention.causal") == "False":
        return [tools / "llama-bench", "-m", quantized, "-p", "8", "-n", "0", "-embd", "1", "-r", "1", "-t", "1", "--no-warmup"]
    return [tools / "llama-completion", "-m", quantized, "-p", "Hello", "-n", "4", "-c", "64", "-t", "1", "--temp", "0", "--no-warmup", "-no-cnv", "--simple-io"]


def answer_one(toolchain, request):
    """Runs in a fork of its own: converts in a further one, then looks at what came out."""
    import gguf_digest

    work = pathlib.Path(request["work"])
    work.mkdir(parents=True, exist_ok=True)
    target, log = work / "out.gguf", work / "convert.log"
    target.unlink(missing_ok=True)
    child = os.fork()
    if child == 0:
        convert(toolchain, pathlib.Path(request["folder"]), target, log)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    answer = {"id": request["id"], "convert": {"exitCode": code, "lastLine": last_error(log) if code else ""}}
    if code == 0 and target.exists():
        answer["digest"] = gguf_digest.digest(target)
        if request.get("tools"):
            answer.update(use_tools(toolchain, target, work))
    if not request.get("keep"):
        target.unlink(missing_ok=True)
    return answer


def main(toolchain):
    sys.path.insert(0, str(pathlib.Path(__file__).parent))
    requests = collections.deque(json.loads(line) for line in sys.stdin if line.strip())
    preload(toolchain)
    running = {}
    while requests or running:
        while requests and len(running) < PARALLEL:
            request = requests.popleft()
            answer_file = pathlib.Path(request["work"] + ".answer.json")
            worker = os.fork()
            if worker == 0:
                try:
                    answer_file.parent.mkdir(parents=True, exist_ok=True)
                    answer_file.write_text(json.dumps(answer_one(toolchain, request)))
                    os._exit(0)
                except BaseException:
                    traceback.print_exc()
                    os._exit(1)
            running[worker] = answer_file
        ended, status = os.wait()
        answer_file = running.pop(ended)
        if status != 0:
            raise SystemExit(f"a worker failed: {answer_file}")
        print(answer_file.read_text(), flush=True)
        answer_file.unlink()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
