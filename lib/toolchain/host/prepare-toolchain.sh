#!/bin/sh
# Prepares llama.cpp on this host: quantize/bench/completion binaries, the converter of the same commit, a CPU Python.
# Usage: sh prepare-toolchain.sh [--check]     POSIX sh only (dash, busybox, macOS' sh). Safe to run twice, and at the same time.
# Ways in, in order: what is already there, a release archive, npm package (prebuilt libraries, then full source).
# Output: sentences for people, `$ commands`, and lines quantdeck-progress: / quantdeck-result: / quantdeck-failure:.
set -u
unset NO_LOCAL_GGUF PYTHONPATH PYTHONHOME CDPATH 2>/dev/null || :
export LC_ALL=C

VERSION=${QD_VERSION:-v0.5.0}
# The npm bundle holds a squashed copy (de3ff81…); the binaries built from v0.5.0 name the upstream commit 0ad4a86.
COMMIT=${QD_COMMIT:-0ad4a86}
NPM_VERSION=${QD_NPM_VERSION:-3.22.1}
SHA_SOURCE=a0d9dd80eacd2ab1cfe71aee57ac8a806487fd70b3d2a38fbec637752d9e5c5f
SHA_X64=0d953e1503d5ab4608d8ed5b739132308c81ac05ffeb760d2a7f30e08a9f90e0
SHA_ARM64=39c76b998e35ed2f236c01472fc79eda0fc558b1c8b535023c2d7ded8c327cc4
RELEASE_BASE=${QD_RELEASE_BASE:-https://github.com/ggml-org/llama.cpp/releases/download}
SOURCE_BASE=${QD_SOURCE_BASE:-https://github.com/ggml-org/llama.cpp/archive}
NPM_REGISTRY=${QD_NPM_REGISTRY:-https://registry.npmjs.org}
TORCH_INDEX=${QD_TORCH_CPU_INDEX:-https://download.pytorch.org/whl/cpu}
TORCH_CANDIDATES=${QD_TORCH_REQUIREMENTS:-torch==2.11.0@$TORCH_INDEX torch==2.13.0 torch==2.11.0 torch>=2.6}
WAYS=${QD_WAYS:-given finished image release prebuilt source}
IMAGE_PATH=${QD_IMAGE_PATH:-/app}
NEEDED_MIB=${QD_NEEDED_MIB:-3072}
CONNECT_S=${QD_CONNECT_TIMEOUT:-4}

ROOT=${QD_ROOT:-$HOME/.quantdeck}
HOME_DIR=$ROOT/toolchains/$VERSION
WORK=$ROOT/toolchains/.build-$VERSION
LOCK=$ROOT/toolchains/.lock-$VERSION
DOWNLOADS=$ROOT/cache/downloads
MANIFEST=$HOME_DIR/toolchain.json
export PIP_CACHE_DIR="$ROOT/cache/pip" HF_HOME="$ROOT/cache/huggingface" PIP_DISABLE_PIP_VERSION_CHECK=1
LOCKED= ; ENDED= ; REASON= ; ARCHIVE_SHA= ; PACKAGES=
TAB=$(printf '\t')
# Remedies name what a person can set: a variable of the dashboard, its Settings page or the instance's own page.
GIVE_ONE="name a finished llama.cpp of the host on the instance's page (or QUANTDECK_TOOLCHAIN_PATH)"
MAKE_ROOM="Make room there, or use a machine with a larger disk; for This machine QUANTDECK_HOME names another folder."

# ---- talking ---------------------------------------------------------------------------------------------------------
masked() { sed 's#//[^/@ ]*@#//***@#g'; } # an address may hold a password
say() { printf '%s\n' "$*" | masked; }
run() { printf '$ %s\n' "$*" | masked; "$@"; }
json() { printf '"%s"' "$(printf '%s' "$1" | masked | tr '\n\r\t' '   ' | tr -d '\000-\037' | sed 's/\\/\\\\/g; s/"/\\"/g')"; }
progress() { printf 'quantdeck-progress: {"phase":"%s","done":%s,"total":%s,"unit":"%s"}\n' "$1" "$2" "$3" "$4"; }
fail() { # code message remedy
  ENDED=1
  printf 'quantdeck-failure: {"code":%s,"message":%s,"remedy":%s}\n' "$(json "$1")" "$(json "$2")" "$(json "$3")"
  exit 1
}
on_exit() {
  rc=$?
  [ -n "$LOCKED" ] && rm -rf "$LOCK"
  if [ "$rc" -ne 0 ] && [ -z "$ENDED" ]; then
    ENDED=1
    printf 'quantdeck-failure: {"code":"toolchain-build-failed","message":%s,"remedy":%s}\n' \
      "$(json "The preparation stopped with exit code $rc.")" "$(json 'Read the last lines above and run it again: finished parts are kept.')"
  fi
}
stopped() { say "Stopped by a signal; finished parts are kept."; exit 143; } # the session's owner ends our children
can() { command -v "$1" >/dev/null 2>&1; }

# ---- the system --------------------------------------------------------------------------------------------------------
SYSTEM=$(uname -s); STUBS=
GET_PYTHON='apt-get install python3 python3-venv'; GET_COMPILER='as root: apt-get install g++ cmake make git'
if [ "$SYSTEM" = Darwin ]; then
  GET_PYTHON='brew install python@3.12, or python.org'; GET_COMPILER='xcode-select --install; brew install cmake'
  export COPYFILE_DISABLE=1 # no ._files in archives
  PATH=$PATH:/opt/homebrew/bin:/usr/local/bin # a command by ssh does not know Homebrew
  xcode-select -p >/dev/null 2>&1 || STUBS=${QD_SYSTEM_BIN:-/usr/bin}
fi
real() { # without Apple's command line tools, compilers, git and python3 of a Mac are stubs that open a window and fail
  can "$1" || return 1
  [ -n "$STUBS" ] || return 0
  case $(command -v "$1") in "$STUBS"/*) return 1 ;; esac
}

# ---- one at a time: mkdir is the lock, its owner is known by pid and start time -----------------------------------------
started_at() { # start time of a process: a recycled pid has another one
  if [ -r "/proc/$1/stat" ]; then sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20
  else TZ=UTC0 ps -o lstart= -p "$1" 2>/dev/null | tr -d ' '; fi
}
lock() {
  mkdir -p "$ROOT/toolchains" "$DOWNLOADS" || fail toolchain-disk-full "Cannot create folders under $ROOT." "$MAKE_ROOM"
  me="$$ $(started_at $$)"; waited=0
  while ! mkdir "$LOCK" 2>/dev/null; do
    owner=$(cat "$LOCK/owner" 2>/dev/null)
    pid=${owner%% *}
    if [ -z "$owner" ]; then [ "$waited" -lt 10 ] || take_over none
    elif [ "$(started_at "$pid")" != "${owner#* }" ]; then take_over "$pid"
    fi
    [ -n "$LOCKED" ] && return
    [ $((waited % 15)) -eq 0 ] && say "Another preparation (process ${pid:-unknown}) is at work here; waiting for it."
    sleep 1; waited=$((waited + 1))
  done
  own
}
own() { printf '%s' "$me" >"$LOCK/owner.$$" && mv "$LOCK/owner.$$" "$LOCK/owner" && LOCKED=1; }
take_over() { # of several that see the same dead owner, exactly one makes this folder
  if mkdir "$LOCK/after-$1" 2>/dev/null; then
    say "The preparation that held the lock (process $1) is gone; taking over."
    own; rmdir "$LOCK/after-$1"
  fi
}

# ---- the network, found to be missing within seconds --------------------------------------------------------------------
fetch() { # url file
  rm -f "$2.part"
  # a bare image has no certificates either: Python alone could not check whom it talks to
  can curl || can wget || [ -n "${FETCH_SEEN:-}" ] || { FETCH_SEEN=1; install_packages curl ca-certificates || :; }
  # The address goes by standard input or the environment: everybody on the host may read a command line.
  if can curl; then
    say "\$ curl $1"
    printf 'url = "%s"\n' "$1" | curl -fsSL --connect-timeout "$CONNECT_S" --speed-limit 1024 --speed-time 30 -o "$2.part" -K -
  elif can wget; then
    say "\$ wget $1"
    case $1 in # the wget of busybox reads no list, so only an address that needs it goes that way
      *//*@*) printf '%s\n' "$1" | wget -q -t 2 -T "$((CONNECT_S * 2))" -O "$2.part" -i - ;;
      *) wget -q -t 2 -T "$((CONNECT_S * 2))" -O "$2.part" "$1" ;;
    esac
  elif [ -n "${PY:-}" ] || find_python; then
    say "\$ (python) fetch $1"
    FETCH_URL=$1 "$PY" - fetch "$2.part" "$CONNECT_S" <<'PY'
import os, shutil, sys, urllib.request
_, _, path, wait = sys.argv
with urllib.request.urlopen(os.environ['FETCH_URL'], timeout=float(wait) * 8) as answer, open(path, 'wb') as out:
    shutil.copyfileobj(answer, out)
PY
  else return 1; fi && mv "$2.part" "$2"
}
sha256() { if can sha256sum; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d' ' -f1; }
npm_package() { # name file-stem sha256 -> NPM_FILE
  NPM_FILE=$DOWNLOADS/$2-$NPM_VERSION.tgz
  [ -s "$NPM_FILE" ] && [ "$(sha256 "$NPM_FILE")" = "$3" ] && return 0
  if can npm; then
    (cd "$DOWNLOADS" && export npm_config_registry="$NPM_REGISTRY" && run npm pack --silent --fetch-retries 0 --fetch-timeout 20000 "$1@$NPM_VERSION") 2>&1
  fi
  [ -s "$NPM_FILE" ] || fetch "$NPM_REGISTRY/$1/-/${1##*/}-$NPM_VERSION.tgz" "$NPM_FILE" ||
    { REASON="$NPM_REGISTRY does not hand out $1@$NPM_VERSION"; NETWORK_LOST=1; return 1; }
  [ "$(sha256 "$NPM_FILE")" = "$3" ] && return 0
  rm -f "$NPM_FILE"; REASON="$1@$NPM_VERSION does not have the pinned sha256, so it is not used"; return 1
}

# ---- the host ------------------------------------------------------------------------------------------------------------
glibc() { { getconf GNU_LIBC_VERSION || ldd --version; } 2>/dev/null | sed -n '1s/.*[^0-9.]\([0-9][0-9]*\.[0-9][0-9]*\)$/\1/p'; }
at_least() { # 2.36 2.34: dotted versions, first >= second
  [ "$(printf '%s\n%s\n' "$2" "$1" | sort -t. -k1,1n -k2,2n | head -n1)" = "$2" ]
}
cpu() { case $(uname -m) in x86_64 | amd64) echo x64 ;; aarch64 | arm64) echo arm64 ;; *) uname -m ;; esac; }
cores() { getconf _NPROCESSORS_ONLN 2>/dev/null || nproc 2>/dev/null || echo 2; }
install_packages() { # returns 1 when that is not ours to do
  [ "$(id -u)" = 0 ] && can apt-get || return 1
  say "Installing with apt-get, since we are root: $*"
  [ -n "${APT_FRESH:-}" ] || run apt-get -o Acquire::http::Timeout=10 -o Acquire::Retries=1 update -qq || :
  APT_FRESH=1
  DEBIAN_FRONTEND=noninteractive run apt-get install -y -qq --no-install-recommends "$@"
}
free_mib() { df -Pk "$ROOT" | awk 'NR==2 {print int($4/1024)}'; }
disk_left() { # after something failed: was it the disk?
  [ "$(free_mib)" -ge 100 ] || fail toolchain-disk-full "The disk filled up: $(free_mib) MiB are free at $ROOT." "$MAKE_ROOM"
}
check_disk() {
  [ -f "$HOME_DIR/venv/complete" ] && [ "$NEEDED_MIB" -gt 512 ] && NEEDED_MIB=512 # the large part is there already
  free_mib=$(free_mib)
  say "Free disk at $ROOT: $free_mib MiB; about $NEEDED_MIB MiB are needed."
  [ "$free_mib" -ge "$NEEDED_MIB" ] || fail toolchain-disk-full "Only $free_mib MiB are free at $ROOT, about $NEEDED_MIB MiB are needed." "$MAKE_ROOM"
}

# ---- Python ----------------------------------------------------------------------------------------------------------------
find_python() { # -> PY, the first one that is new enough
  PY= ; OLD_PYTHON=
  for name in ${QD_PYTHON:-} python3 python3.12 python3.11 python3.13 python3.10 python3.14 python; do
    real "$name" || continue
    found=$("$name" - version 2>/dev/null <<'PY'
import sys
print('%d.%d %s' % (sys.version_info[0], sys.version_info[1], sys.executable))
PY
    ) || continue
    if at_least "${found%% *}" 3.10; then PY=${found#* }; return 0; fi
    OLD_PYTHON="$name is ${found%% *}"
  done
  return 1
}
need_python() {
  find_python && return
  [ -n "$OLD_PYTHON" ] || { install_packages python3 python3-venv && find_python && return; }
  [ -n "$OLD_PYTHON" ] && fail toolchain-python-too-old "The newest Python here is too old: $OLD_PYTHON, and 3.10 or newer is needed." "Install a newer one (for example python3.12: $GET_PYTHON) or choose an image with Ubuntu 22.04 or newer."
  fail toolchain-no-python "There is no python3 on this host." "Install it ($GET_PYTHON) and run this again."
}
make_venv() { # an image's good torch is used again: it saves 200 MB to 2.5 GB
  VENV=$HOME_DIR/venv
  [ -x "$VENV/bin/python" ] && [ -f "$VENV/started" ] && "$VENV/bin/python" -c '' 2>/dev/null && return
  rm -rf "$VENV"
  share= ; SYSTEM_TORCH=$("$PY" - torch 2>/dev/null <<'PY'
import torch
if tuple(int(part) for part in torch.__version__.split('+')[0].split('.')[:2]) >= (2, 6) and torch.ones(2).sum() == 2:
    print(torch.__version__)
PY
  ) || SYSTEM_TORCH=
  [ -n "$SYSTEM_TORCH" ] && { share=--system-site-packages; say "This host's own torch $SYSTEM_TORCH works: it is used, not downloaded again."; }
  if can uv; then run uv venv -q --seed --python "$PY" $share "$VENV"
  else
    "$PY" -c 'import ensurepip, venv' 2>/dev/null || install_packages python3-venv || :
    "$PY" -c 'import ensurepip, venv' 2>/dev/null || fail toolchain-no-venv "$PY cannot make virtual environments (ensurepip is missing)." "Install python3-venv (apt-get install python3-venv) and run this again."
    run "$PY" -m venv $share "$VENV"
  fi || fail toolchain-no-venv "The virtual environment could not be made with $PY." "Read the lines above; python3-venv may be missing or the disk full."
  printf '%s' "$SYSTEM_TORCH" >"$VENV/started"
}
# Addresses may hold passwords, and everybody on the host may read a command line: pip gets them by its environment.
pip_setting() { # option value
  case $1 in
    -i | --index-url) export PIP_INDEX_URL="$2" ;;
    --proxy) export PIP_PROXY="$2" ;;
    --extra-index-url) export PIP_EXTRA_INDEX_URL="${PIP_EXTRA_INDEX_URL:+$PIP_EXTRA_INDEX_URL }$2" ;;
    -f | --find-links) export PIP_FIND_LINKS="${PIP_FIND_LINKS:+$PIP_FIND_LINKS }$2" ;;
    -c | --constraint) export PIP_CONSTRAINT="${PIP_CONSTRAINT:+$PIP_CONSTRAINT }$2" ;;
  esac
}
pip_settings() { # -> PIP_ARGS: the further arguments that hold no address
  [ -z "${QD_PIP_INDEX_URL:-}" ] || pip_setting --index-url "$QD_PIP_INDEX_URL"
  [ -z "${QD_PIP_CONSTRAINTS:-}" ] || pip_setting --constraint "$QD_PIP_CONSTRAINTS"
  PIP_ARGS= ; option=
  for word in ${QD_PIP_EXTRA_ARGS:-}; do
    [ -z "$option" ] || { pip_setting "$option" "$word"; option= ; continue; }
    case $word in
      -i | -f | -c | --index-url | --extra-index-url | --find-links | --constraint | --proxy) option=$word ;;
      --index-url=* | --extra-index-url=* | --find-links=* | --constraint=* | --proxy=*) pip_setting "${word%%=*}" "${word#*=}" ;;
      *) PIP_ARGS="$PIP_ARGS $word" ;;
    esac
  done
}
pip() { # [index=URL] verb arguments; that index is one more, for this call only
  case $1 in index=*) more=${1#index=}; shift ;; *) more= ;; esac
  verb=$1; shift
  ([ -z "$more" ] || pip_setting --extra-index-url "$more"; run "$VENV/bin/python" -m pip "$verb" "$@" $PIP_ARGS)
}
narrate() { # [packages]: pip's lines at once (awk and grep would hold them back), a progress line for each package
  count=0
  while IFS= read -r line; do
    case $line in *'neither a file nor a directory'* | 'Requirement already'*) continue ;; esac
    printf '%s\n' "$line"
    case $line in Collecting* | Processing*) [ -n "${1:-}" ] && [ $count -lt "$1" ] && { count=$((count + 1)); progress python-install $count "$1" files; } ;; esac
  done
}
read_report() { # report list: writes the pins, prints what must not be installed
  "$VENV/bin/python" - report "$1" "$2" <<'PY'
import json, re, sys
found = [item['metadata'] for item in json.load(open(sys.argv[2]))['install']]
with open(sys.argv[3], 'w') as out:
    out.writelines('%s==%s\n' % (item['name'], item['version']) for item in found)
gpu = re.compile(r'^(nvidia[-_]|cuda[-_]|cupy|(pytorch[-_])?triton)', re.I)
print(' '.join(sorted({i['name'] for i in found if gpu.match(i['name']) or re.search(r'\+(cu|rocm)\d', i['version'])})))
PY
}
resolve() { # requirement [index]: what pip would install, refused when CUDA is in it
  set -- "$1" "${2:-}" "$HOME_DIR/resolved.json" "$HOME_DIR/resolved.txt"
  rm -f "$3" "$4"
  pip "index=$2" install --dry-run --retries 2 --timeout 15 --progress-bar off --report "$3" "$1" $PYTHON_REQUIREMENTS 2>&1 | narrate
  [ -s "$3" ] || { say "pip finds no answer for $1${2:+ from $2}."; return 1; }
  gpu=$(read_report "$3" "$4") || { say "pip's report for $1 cannot be read."; return 1; }
  [ -z "$gpu" ] || { say "Refused $1: it would bring CUDA packages ($gpu), gigabytes that converting never uses."; SAW_CUDA=1; return 1; }
}
install_python() {
  [ -f "$HOME_DIR/venv/complete" ] && { VENV=$HOME_DIR/venv; say "The Python environment is already complete."; return; }
  need_python; make_venv; pip_settings
  SYSTEM_TORCH=$(cat "$VENV/started"); SAW_CUDA= ; resolved=
  # pip of Ubuntu 22.04 (22.0) has no --report
  "$VENV/bin/python" -m pip install --help 2>/dev/null | grep -q -- --report || pip install --quiet -U 'pip>=23' || :
  progress python-resolve 0 1 steps
  for candidate in ${SYSTEM_TORCH:+torch==$SYSTEM_TORCH} $TORCH_CANDIDATES; do
    index=${candidate#*@}; [ "$index" = "$candidate" ] && index=
    if [ -n "$index" ] && ! fetch "$index/torch/" "$HOME_DIR/index.html" 2>&1; then
      say "$index cannot be reached: next candidate."; continue
    fi
    resolve "${candidate%%@*}" "$index" && { resolved=1; break; }
  done
  if [ -z "$resolved" ]; then
    [ "$SYSTEM/$(cpu)" = Darwin/x64 ] && fail toolchain-no-cpu-torch "PyTorch has made no build for Macs with Intel processors since 2.2, and the converter needs 2.6." "Convert on a Linux host or on a Mac with an Apple processor."
    [ -n "$SAW_CUDA" ] && fail toolchain-no-cpu-torch "Every torch on offer here brings CUDA packages." "Let the host reach $TORCH_INDEX, or name a CPU build in QUANTDECK_TORCH_REQUIREMENTS."
    fail toolchain-no-network "pip could not find torch and the other Python packages." "Check the host's network, or name an index that it can reach: Settings, Python package index (or QUANTDECK_PIP_INDEX_URL)."
  fi
  install_resolved "$index" && touch "$VENV/complete"
}
install_resolved() { # exactly what was looked at above, nothing more
  total=$(grep -c . "$HOME_DIR/resolved.txt"); progress python-install 0 "$total" files
  say "Installing $total Python packages: $(tr '\n' ' ' <"$HOME_DIR/resolved.txt")"
  if [ "$total" -gt 0 ]; then
    { pip "index=$1" install --no-deps --progress-bar off -r "$HOME_DIR/resolved.txt" 2>&1; echo $? >"$HOME_DIR/pip.rc"; } | narrate "$total"
    [ "$(cat "$HOME_DIR/pip.rc")" = 0 ] || {
      disk_left; fail toolchain-no-network "pip could not install the Python packages." "Read pip's lines above; run this again to try once more."; }
  fi
  progress python-install "$total" "$total" files
}

# ---- binaries and converter -----------------------------------------------------------------------------------------------
SUBSET='convert_hf_to_gguf.py conversion gguf-py models/templates requirements LICENSE'
TOOLS='quantize:tools/quantize/main.cpp,tools/quantize/quantize.cpp
bench:tools/llama-bench/main.cpp,tools/llama-bench/llama-bench.cpp
completion:tools/completion/main.cpp,tools/completion/completion.cpp
imatrix:tools/imatrix/imatrix.cpp
perplexity:tools/perplexity/main.cpp,tools/perplexity/perplexity.cpp
gguf-split:tools/gguf-split/gguf-split.cpp'
runs() { "$1" --help 2>&1 | grep -qi usage; } # llama-quantize --help prints its help and exits with 1
place() { rm -rf "$HOME_DIR/$2"; mv "$WORK/$1" "$HOME_DIR/$2"; }
need_binaries() { # origin detail commit: moves the finished bin and convert into place, remembers where they came from
  runs "$WORK/bin/llama-quantize" || { REASON="llama-quantize does not run: $("$WORK/bin/llama-quantize" --help 2>&1 | head -n1)"; return 1; }
  place bin bin && place convert convert
  printf '%s\n%s\n%s\n%s\n' "$1" "$2" "$3" "$ARCHIVE_SHA" >"$HOME_DIR/origin.tmp" && mv "$HOME_DIR/origin.tmp" "$HOME_DIR/origin"
}
platform_of_release() { # -> PLATFORM, as in the names of llama.cpp's archives; the floors are those of the machines that build them
  arch=$(cpu); floor=2.34; [ "$arch" = arm64 ] && floor=2.38
  case $SYSTEM in
    Linux)
      PLATFORM=ubuntu-$arch; have=$(glibc)
      [ -n "$have" ] && at_least "$have" $floor || { REASON="the archive needs glibc $floor, this host has ${have:-none (musl?)}"; return 1; } ;;
    Darwin)
      PLATFORM=macos-$arch; have=$(sw_vers -productVersion)
      at_least "$have" 13.3 || { REASON="the archive needs macOS 13.3, this is $have"; return 1; } ;;
    *) REASON="there are no release archives for $SYSTEM"; return 1 ;;
  esac
}
from_release() {
  platform_of_release || return 1
  fetch "$RELEASE_BASE/$VERSION/nightly-tag.txt" "$WORK/tag" 2>&1 || { REASON="$RELEASE_BASE cannot be reached"; NETWORK_LOST=1; return 1; }
  tag=$(tr -d ' \r\n' <"$WORK/tag")
  case $tag in b[0-9]*) ;; *) REASON="nightly-tag.txt does not name a build"; return 1 ;; esac
  asset=llama-$tag-bin-$PLATFORM.tar.gz
  progress download 0 2 files
  fetch "$RELEASE_BASE/$tag/$asset" "$WORK/$asset" 2>&1 || { REASON="$asset cannot be downloaded"; return 1; }
  progress download 1 2 files
  # the same tag for both: converter and binaries must be of one commit
  for base in $SOURCE_BASE; do fetch "$base/$tag.tar.gz" "$WORK/source.tgz" 2>&1 && break; done
  [ -s "$WORK/source.tgz" ] || { REASON="the source of $tag cannot be downloaded"; return 1; }
  progress download 2 2 files
  ARCHIVE_SHA="$asset=$(sha256 "$WORK/$asset") source=$(sha256 "$WORK/source.tgz")"
  mkdir -p "$WORK/unpacked" "$WORK/tree"
  run tar xzf "$WORK/$asset" -C "$WORK/unpacked" && run tar xzf "$WORK/source.tgz" -C "$WORK/tree" || { REASON="an archive cannot be unpacked"; return 1; }
  mkdir "$WORK/convert" && mv "$WORK"/unpacked/* "$WORK/bin" || { REASON="the archive is laid out in another way"; return 1; }
  (cd "$WORK"/tree/* && tar cf - $SUBSET) | tar xf - -C "$WORK/convert" || { REASON="the source archive misses the converter"; return 1; }
  built_from=$(binary_version "$WORK/bin" | sed -n 's/.*commit \([0-9a-f]*\).*/\1/p')
  is_pinned "$built_from" || { REASON="the programs in $asset say they are of commit ${built_from:-unknown}, and $VERSION is $COMMIT"; return 1; }
  # git archive leaves the commit at the beginning; an archive made in another way has none and cannot be asked
  source_of=$(gzip -dc "$WORK/source.tgz" 2>/dev/null | head -c 1024 | tr '\000' '\n' | sed -n 's/^52 comment=\([0-9a-f]\{40\}\)$/\1/p')
  [ -z "$source_of" ] || is_pinned "$source_of" || { REASON="the source of $tag is of commit $source_of, and $VERSION is $COMMIT"; return 1; }
  need_binaries release "$asset" "$COMMIT"
}
is_pinned() { # one commit, shortened in two ways
  [ "${#1}" -ge 7 ] || return 1
  case $1 in "$COMMIT"*) return 0 ;; esac
  case $COMMIT in "$1"*) return 0 ;; *) return 1 ;; esac
}
get_source() { # the npm package carries llama.cpp as a git bundle; only the folders that are needed are taken out
  npm_package node-llama-cpp node-llama-cpp $SHA_SOURCE || return 1
  ARCHIVE_SHA="node-llama-cpp-$NPM_VERSION.tgz=$(sha256 "$NPM_FILE")"
  mkdir -p "$WORK/npm" "$WORK/src" "$WORK/convert"
  run tar xzf "$NPM_FILE" -C "$WORK/npm" package/llama/gitRelease.bundle &&
    run git clone -q --bare "$WORK/npm/package/llama/gitRelease.bundle" "$WORK/bundle.git" || { REASON="the git bundle cannot be read"; return 1; }
  git --git-dir="$WORK/bundle.git" archive HEAD $1 | tar xf - -C "$WORK/src" &&
    git --git-dir="$WORK/bundle.git" archive HEAD $SUBSET | tar xf - -C "$WORK/convert" || { REASON="the git bundle misses files"; return 1; }
}
missing_of() { for name in "$@"; do [ "$name" = g++ ] && { real c++ || real clang++; } || real "$name" || printf ' %s' "$name"; done; }
need_tools() { # looked at before anything is downloaded
  MISSING=$(missing_of "$@")
  [ -z "$MISSING" ] || { install_packages $MISSING libc6-dev ca-certificates && MISSING=$(missing_of "$@"); }
  [ -z "$MISSING" ] || { REASON="missing here:$MISSING"; return 1; }
  CXX=; for name in g++ c++ clang++; do can $name && { CXX=$name; break; }; done
}
from_prebuilt() { # the libraries come ready-made, only six small programs are compiled: half a minute in place of five to sixteen
  [ "$SYSTEM" = Linux ] || { REASON="prebuilt libraries are only used on Linux"; return 1; }
  case $(cpu) in x64) sha=$SHA_X64 ;; arm64) sha=$SHA_ARM64 ;; *) REASON="no prebuilt libraries for $(cpu)"; return 1 ;; esac
  have=$(glibc)
  [ -n "$have" ] && at_least "$have" 2.34 || { REASON="the prebuilt libraries need glibc 2.34, this host has ${have:-none (musl?)}"; return 1; }
  need_tools git g++ || return 1
  progress download 0 2 files
  get_source 'common include ggml/include src vendor tools' || return 1
  progress download 1 2 files
  npm_package "@node-llama-cpp/linux-$(cpu)" "node-llama-cpp-linux-$(cpu)" $sha || return 1
  progress download 2 2 files
  run tar xzf "$NPM_FILE" -C "$WORK/npm" || { REASON="the package cannot be unpacked"; return 1; }
  libs=$WORK/npm/package/bins/linux-$(cpu)
  grep -q "\"release\":\"$VERSION\"" "$libs/_nlcBuildMetadata.json" || { REASON="the prebuilt libraries are not $VERSION"; return 1; }
  mkdir -p "$WORK/bin" && cp "$libs"/lib*.so "$WORK/bin/" && compile_tools "$WORK/src" "$WORK/bin" || return 1
  ARCHIVE_SHA="$ARCHIVE_SHA linux-$(cpu)-$NPM_VERSION.tgz=$sha"
  "$WORK/bin/llama-completion" --version 2>&1 | grep -q "${VERSION#v}" || { REASON="the linked program does not say it is $VERSION"; return 1; }
  need_binaries registry-source "node-llama-cpp@$NPM_VERSION, prebuilt libraries" "$COMMIT"
}
compile_tools() { # source bin
  built=0; total=$(printf '%s\n' "$TOOLS" | grep -c .); jobs=$(cores)
  for tool in $TOOLS; do
    name=llama-${tool%%:*}; files=$(printf '%s' "${tool#*:}" | tr ',' ' ')
    (cd "$1" && run "$CXX" -O2 -std=gnu++17 -DNDEBUG -w -Icommon -Iinclude -Iggml/include -Ivendor -Isrc $files -o "$2/$name" \
      "$2/libllama-common.so" "$2/libllama.$VERSION.so" "$2/libggml.$VERSION.so" "$2/libggml-base.so" -Wl,-rpath,'$ORIGIN' -pthread) 2>&1 &
    built=$((built + 1)); [ $((built % jobs)) -eq 0 ] && { wait; progress compile $built "$total" files; }
  done
  wait; [ $((built % jobs)) -eq 0 ] || progress compile $built "$total" files
  for name in quantize bench completion; do
    runs "$2/llama-$name" || { REASON="llama-$name could not be compiled against the prebuilt libraries"; return 1; }
  done
}
from_source() {
  need_tools git g++ cmake make || return 1
  progress download 0 1 files
  get_source '.' || return 1
  say "Compiling all of llama.cpp: about five minutes with two cores."
  progress download 1 1 files
  # Twelve model files in one translation unit: most of their time is the same headers, read 150 times.
  cat >"$WORK/unity.cmake" <<'CMAKE'
if(NOT CMAKE_VERSION VERSION_LESS 3.19)
  cmake_language(DEFER CALL set_target_properties llama PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 12)
endif()
CMAKE
  metal= ; [ "$SYSTEM" = Darwin ] && metal=-DGGML_METAL=OFF # what is verified is that it runs without a GPU
  set -- llama-quantize llama-bench llama-completion
  run cmake -S "$WORK/src" -B "$WORK/cmake" -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF -DGGML_NATIVE=ON -DGGML_OPENMP=OFF $metal "-DLLAMA_BUILD_COMMIT=$COMMIT" \
    -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_SERVER=OFF -DLLAMA_BUILD_APP=OFF -DLLAMA_BUILD_UI=OFF \
    -DLLAMA_USE_PREBUILT_UI=OFF -DLLAMA_OPENSSL=OFF -DLLAMA_ALL_WARNINGS=OFF "-DCMAKE_PROJECT_llama.cpp_INCLUDE=$WORK/unity.cmake" 2>&1 ||
    { REASON="cmake cannot configure it"; return 1; }
  { run cmake --build "$WORK/cmake" -j "$(cores)" --target "$@" 2>&1; echo $? >"$WORK/build.rc"; } | while IFS= read -r line; do
    printf '%s\n' "$line"
    case $line in '['*%']'*) percent=${line%%%*}; percent=${percent##*[[ ]} ;; esac
    [ "${percent:-}" = "${shown:-}" ] || { shown=$percent; progress compile "$percent" 100 steps; }
  done
  [ "$(cat "$WORK/build.rc")" = 0 ] || { REASON="the compiler stopped with an error"; return 1; }
  mkdir -p "$WORK/bin" && for name in "$@"; do cp "$WORK/cmake/bin/$name" "$WORK/bin/" || return 1; done
  need_binaries registry-source "node-llama-cpp@$NPM_VERSION, compiled whole" "$COMMIT"
}

# ---- proof and manifest -----------------------------------------------------------------------------------------------------
describe() { # python script-folder: name=value lines; the check that script and gguf-py are of one age is in here
  "$1" - describe "$2" <<'PY'
import glob, importlib.metadata, os, platform, re, sys
tree = os.path.realpath(sys.argv[2])
sys.path.insert(0, os.path.join(tree, 'gguf-py'))
import gguf
text = ''.join(open(p, encoding='utf-8').read() for p in glob.glob(tree + '/conversion/*.py') + [tree + '/convert_hf_to_gguf.py'])
missing = sorted({n for n in re.findall(r'\bMODEL_ARCH\.([A-Z][A-Z0-9_]*)', text) if not hasattr(gguf.MODEL_ARCH, n)})
print('python=' + platform.python_version())
for name in ('torch', 'transformers'):
    print(name + '=' + importlib.metadata.version(name))
print('gguf=' + os.path.dirname(gguf.__file__))
print('missing=' + ' '.join(missing[:5]))
PY
}
field() { printf '%s\n' "$FACTS" | sed -n "s/^$1=//p"; }
prove() { # bin script python: runs each part once
  runs "$1/llama-quantize" || { REASON="$1/llama-quantize does not run"; return 1; }
  [ -f "$2" ] || { REASON="$2 does not exist"; return 1; }
  FACTS=$(describe "$3" "${2%/*}" 2>&1) || { REASON="Python cannot load what the converter needs: $(printf '%s\n' "$FACTS" | tail -n1)"; return 1; }
  [ -z "$(field missing)" ] || { REASON="the script and its gguf package do not belong together: gguf has no MODEL_ARCH.$(field missing)"; return 1; }
  case $(field gguf) in "$(cd "${2%/*}" && pwd -P)"/*) ;; *) REASON="gguf comes from $(field gguf), not from the script's own folder"; return 1 ;; esac
  say "\$ $3 $2 --help"
  "$3" "$2" --help >/dev/null || { REASON="$2 --help fails"; return 1; }
}
prove_by_work() { # bin script python: a one-layer model is written, quantized and run
  smoke=$ROOT/cache/smoke-$$; mkdir -p "$smoke"; say "Writing a one-layer model, quantizing it and running it."
  "$3" - smoke "${2%/*}" "$smoke/f16.gguf" <<'PY' && "$1/llama-quantize" "$smoke/f16.gguf" "$smoke/q4.gguf" Q4_K_M 1 >"$smoke/log" 2>&1 &&
import os, sys
sys.path.insert(0, os.path.join(sys.argv[2], 'gguf-py'))
import gguf, numpy
out, size, random = gguf.GGUFWriter(sys.argv[3], 'llama'), 256, numpy.random.default_rng(1)
out.add_context_length(64); out.add_embedding_length(size); out.add_block_count(1); out.add_feed_forward_length(size)
out.add_head_count(4); out.add_head_count_kv(4); out.add_rope_dimension_count(64); out.add_layer_norm_rms_eps(1e-5)
out.add_vocab_size(size); out.add_file_type(1); out.add_tokenizer_model('no_vocab')
for name in ('output_norm', 'blk.0.attn_norm', 'blk.0.ffn_norm'):
    out.add_tensor(name + '.weight', numpy.ones(size, numpy.float32))
for name in 'token_embd output blk.0.attn_q blk.0.attn_k blk.0.attn_v blk.0.attn_output blk.0.ffn_gate blk.0.ffn_up blk.0.ffn_down'.split():
    out.add_tensor(name + '.weight', (random.standard_normal((size, size)) * 0.05).astype(numpy.float16))
out.write_header_to_file(); out.write_kv_data_to_file(); out.write_tensors_to_file(); out.close()
PY
    "$1/llama-bench" -m "$smoke/q4.gguf" -p 8 -n 8 -r 1 -t 1 -ngl 0 --no-warmup -o jsonl 2>>"$smoke/log" | grep -q '"avg_ts"'
  worked=$?; [ $worked = 0 ] || { tail -n 20 "$smoke/log"; REASON="a one-layer model could not be quantized and run"; }
  rm -rf "$smoke"; return $worked
}
binary_version() { for name in llama-completion llama-bench llama-cli; do [ -x "$1/$name" ] && "$1/$name" --version 2>&1 | sed -n 's/^version: //p' | grep . && return; done; }
write_manifest() { # origin detail commit bin script python
  tools=$(for file in "$4"/llama-*; do [ -x "$file" ] && printf '%s,' "$(json "${file##*/}")"; done)
  { printf '{"version":%s,"commit":%s,"origin":%s,"originDetail":%s,' "$(json "${IS_VERSION:-$VERSION}")" "$(json "$3")" "$(json "$1")" "$(json "$2")"
    printf '"paths":{"binDir":%s,"convertScript":%s,"python":%s},' "$(json "$4")" "$(json "$5")" "$(json "$6")"
    printf '"tools":[%s],"binaryVersion":%s,"pythonVersion":%s,' "${tools%,}" "$(json "$(binary_version "$4")")" "$(json "$(field python)")"
    printf '"torchVersion":%s,"transformersVersion":%s,"ggufFrom":%s,' "$(json "$(field torch)")" "$(json "$(field transformers)")" "$(json "$(field gguf)")"
    printf '"builtAt":%s,"glibc":%s,"archives":%s}\n' "$(json "$(date -u +%Y-%m-%dT%H:%M:%SZ)")" "$(json "$(glibc)")" "$(json "$ARCHIVE_SHA")"
  } >"$MANIFEST.tmp" && mv "$MANIFEST.tmp" "$MANIFEST"
}
path_in_manifest() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$MANIFEST"; }
finished() { # cheap: no torch import. A given path counts as finished only when the manifest is about it
  [ -s "$MANIFEST" ] || { REASON="nothing is prepared in $HOME_DIR yet"; return 1; }
  if [ -n "${QD_TOOLCHAIN_PATH:-}" ] && [ "$(path_in_manifest originDetail)" != "$QD_TOOLCHAIN_PATH" ]; then REASON="what is prepared is not $QD_TOOLCHAIN_PATH"; return 1; fi
  runs "$(path_in_manifest binDir)/llama-quantize" || { REASON="its llama-quantize does not run any more"; return 1; }
  [ -f "$(path_in_manifest convertScript)" ] || { REASON="its converter is gone"; return 1; }
  "$(path_in_manifest python)" - find 2>/dev/null <<'PY' || { REASON="its Python environment is damaged"; return 1; }
import importlib.util, sys
sys.exit(any(importlib.util.find_spec(name) is None for name in ('torch', 'transformers', 'numpy')))
PY
}
is_like_ours() { # python
  [ "$IS_VERSION" = "$VERSION" ] || { REASON="the llama.cpp of this image is ${built_from:-of no version}, not $VERSION"; return 1; }
  "$1" - protobuf 2>/dev/null <<'PY' || { REASON="the sentencepiece of this image needs another protobuf than it has, so some tokenizers could not be converted"; return 1; }
from sentencepiece import sentencepiece_model_pb2
PY
}
from_folder() { # origin folder
  bin= ; for place in "$2" "$2/bin" "$2/build/bin"; do [ -x "$place/llama-quantize" ] && { bin=$place; break; }; done
  script=$2/convert_hf_to_gguf.py; [ -f "$script" ] || script=$2/convert/convert_hf_to_gguf.py
  [ -n "$bin" ] || { REASON="$2 holds no llama-quantize"; return 1; }
  [ -f "$script" ] || { REASON="$2 holds no convert_hf_to_gguf.py"; return 1; }
  python= ; for place in "$2/venv/bin/python" "$2/.venv/bin/python"; do [ -x "$place" ] && { python=$place; break; }; done
  [ -n "$python" ] || { find_python && python=$PY; } || { REASON="there is no Python of 3.10 or newer"; return 1; }
  export PYTHONPYCACHEPREFIX="$ROOT/cache/pycache" # a folder that is not ours stays as it is
  prove "$bin" "$script" "$python" || { unset PYTHONPYCACHEPREFIX; return 1; }
  built_from=$(binary_version "$bin")
  IS_VERSION=$(printf '%s' "$built_from" | sed -n 's/^\([0-9][0-9.]*\).*/v\1/p'); IS_VERSION=${IS_VERSION:-unknown}
  # what a person gave is used as it is; an image is ours to choose, and jobs must not differ by it
  [ "$1" != image ] || is_like_ours "$python" || { unset PYTHONPYCACHEPREFIX IS_VERSION; return 1; }
  mkdir -p "$HOME_DIR" && write_manifest "$1" "$2" "$(printf '%s' "$built_from" | sed -n 's/.*commit \([0-9a-f]*\).*/\1/p')" "$bin" "$script" "$python"
}
result() { ENDED=1; printf 'quantdeck-result: '; cat "$MANIFEST"; exit 0; }

# ---- the order of things -----------------------------------------------------------------------------------------------------
binaries_from() { # way: leaves bin and convert in HOME_DIR
  rm -rf "$WORK"; mkdir -p "$WORK" "$HOME_DIR"
  REASON="it failed for an unknown reason"; MISSING=
  "from_$1"; outcome=$?
  rm -rf "$WORK"; return $outcome
}
try() {
  case $1 in
    given) [ -n "${QD_TOOLCHAIN_PATH:-}" ] || return 1; say "Looking at the toolchain given for this instance: $QD_TOOLCHAIN_PATH"; from_folder given "$QD_TOOLCHAIN_PATH" && result ;;
    finished) finished && { say "Already prepared: $HOME_DIR"; result; } ;;
    image) [ -x "$IMAGE_PATH/llama-quantize" ] || { REASON="this is not a llama.cpp image ($IMAGE_PATH)"; false; } && from_folder image "$IMAGE_PATH" && result ;;
    release | prebuilt | source)
      [ -n "${DISK_SEEN:-}" ] || { check_disk; DISK_SEEN=1; }
      [ -f "$HOME_DIR/origin" ] && runs "$HOME_DIR/bin/llama-quantize" || binaries_from "$1" ;;
    *) REASON="no such way in" ; false ;;
  esac
}
main() {
  if [ "${1:-}" = --check ]; then ENDED=1; finished && result; say "Not prepared: $REASON."; exit 3; fi
  trap on_exit EXIT; trap stopped TERM INT HUP
  if finished; then say "Already prepared: $HOME_DIR"; result; fi
  lock; NETWORK_LOST= ; MISSING=
  for way in $WAYS; do
    REASON= ; try "$way" && { got=1; break; }
    [ -n "$REASON" ] && say "Way '$way' is not used: $REASON."
  done
  [ -n "${got:-}" ] || give_up
  install_python
  progress verify 0 1 steps
  say "Proving that it runs."
  set -- "$HOME_DIR/bin" "$HOME_DIR/convert/convert_hf_to_gguf.py" "$VENV/bin/python"
  prove "$@" && prove_by_work "$@" || fail toolchain-not-usable "The toolchain was put together but does not run: $REASON." "Send this log; remove $HOME_DIR to start afresh."
  ARCHIVE_SHA=$(sed -n 4p "$HOME_DIR/origin")
  write_manifest "$(sed -n 1p "$HOME_DIR/origin")" "$(sed -n 2p "$HOME_DIR/origin")" "$(sed -n 3p "$HOME_DIR/origin")" "$@"
  rm -f "$HOME_DIR"/resolved.* "$HOME_DIR/pip.rc" "$HOME_DIR/index.html"
  progress verify 1 1 steps
  result
}
give_up() {
  disk_left
  [ -n "$MISSING" ] && fail toolchain-no-compiler "Needed to build llama.cpp and not here:$MISSING." "Install:$MISSING ($GET_COMPILER), or $GIVE_ONE."
  [ -n "$NETWORK_LOST" ] && fail toolchain-no-network "No source of llama.cpp can be reached from this host: $REASON." "Check its network, or name mirrors that it can reach: Settings, llama.cpp releases and sources, or npm registry (QUANTDECK_LLAMA_RELEASES and QUANTDECK_LLAMA_SOURCES, or QUANTDECK_NPM_REGISTRY)."
  fail toolchain-build-failed "No way to llama.cpp worked: $REASON." "Read the lines above, or $GIVE_ONE."
}
# The converter's own file allows sentencepiece below 0.3, but what 0.2.3 generates needs a newer protobuf than that file
# allows: `from sentencepiece import sentencepiece_model_pb2` fails, and with it every T5, XLM-R and InternLM2.
PYTHON_REQUIREMENTS='transformers==4.57.6 numpy~=2.2.6 sentencepiece>=0.1.98,<0.2.2 protobuf>=4.21.0,<5.0.0 tqdm>=4.27 pyyaml>=5.1 requests>=2.25'
main "$@"
