import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const SCRIPT = join(import.meta.dirname, '../../lib/toolchain/host/prepare-toolchain.sh');
/** What a bare host has; no compiler, no Python, no npm, no apt-get: a test adds what it needs. */
const BARE_TOOLS =
  'sh cat sed grep awk cut tr head tail sort printf mkdir rmdir rm mv cp ln touch date uname id df getconf sleep tar gzip sha256sum curl env ls chmod dirname git'.split(
    ' ',
  );

export interface RunResult {
  readonly code: number;
  readonly output: string;
  readonly elapsedMs: number;
}

/** Not the `python3` in PATH: that may be a shim of pyenv, which needs the real PATH. */
const REAL_PYTHON = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();

/** A host made of a temporary folder: a PATH of its own, fake Python and llama.cpp programs, and a loopback web server. */
export class FakeHost {
  readonly folder = mkdtempSync(join(tmpdir(), 'qd-host-'));
  readonly root = join(this.folder, 'root');
  readonly requests: string[] = [];
  private readonly files = new Map<string, Buffer>();
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      this.requests.push(request.url ?? '');
      const file = this.files.get(request.url ?? '');
      response.writeHead(file === undefined ? 404 : 200).end(file);
    });
    mkdirSync(join(this.folder, 'bin'));
    for (const tool of BARE_TOOLS) symlinkSync(realTool(tool), join(this.folder, 'bin', tool));
  }

  static async start(): Promise<FakeHost> {
    const host = new FakeHost();
    await new Promise<void>((resolve) => host.server.listen(0, '127.0.0.1', resolve));
    return host;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  serve(path: string, body: string | Buffer): void {
    this.files.set(path, Buffer.from(body));
  }

  write(path: string, text: string, isProgram = false): string {
    const full = join(this.folder, path);
    mkdirSync(join(full, '..'), { recursive: true });
    writeFileSync(full, text);
    if (isProgram) chmodSync(full, 0o755);
    return full;
  }

  remove(path: string): void {
    rmSync(join(this.folder, path));
  }

  /** Turns it into a Mac: other names, no glibc, no sha256sum. Without Apple's tools all of `bin` counts as stubs. */
  becomeMac(options: { version?: string; processor?: string; hasAppleTools?: boolean } = {}): void {
    this.remove('bin/sha256sum');
    symlinkSync(realTool('shasum'), join(this.folder, 'bin/shasum'));
    symlinkSync(realTool('perl'), join(this.folder, 'bin/perl'));
    const answers = {
      uname: `case "\${1:-}" in -m) echo ${options.processor ?? 'arm64'} ;; *) echo Darwin ;; esac`,
      sw_vers: `echo ${options.version ?? '14.5'}`,
      'xcode-select': `exit ${options.hasAppleTools === false ? 2 : 0}`,
      getconf: '[ "$1" = _NPROCESSORS_ONLN ] && echo 8',
    };
    for (const [name, text] of Object.entries(answers)) {
      rmSync(join(this.folder, 'bin', name), { force: true });
      this.write(`bin/${name}`, `#!/bin/sh\n${text}\n`, true);
    }
  }

  /** A python3 that answers the script's questions. What is pure logic in the script runs in the real Python. */
  addPython(options: { version?: string; report?: string } = {}): void {
    this.write('report.json', options.report ?? pipReport(['torch', '2.13.0+cpu'], ['numpy', '2.2.6']));
    this.write('site/torch-2.13.0.dist-info/METADATA', 'Name: torch\nVersion: 2.13.0\n');
    this.write('site/transformers-4.57.6.dist-info/METADATA', 'Name: transformers\nVersion: 4.57.6\n');
    this.write('site/sentencepiece/__init__.py', '');
    this.write('site/sentencepiece/sentencepiece_model_pb2.py', '');
    const real = `PYTHONPATH='${join(this.folder, 'site')}' exec '${REAL_PYTHON}' "$@"`;
    this.write(
      'bin/python3',
      `#!/bin/sh
case "$1 $2" in
  '- version') echo '${options.version ?? '3.11'} ${join(this.folder, 'bin/python3')}' ;;
  '- torch') exit 1 ;;
  '- report' | '- describe' | '- fetch' | '- protobuf') ${real} ;;
  '- smoke') : >"$4" ;;
  '-m venv') for last; do :; done; mkdir -p "$last/bin" && ln -s "$0" "$last/bin/python" ;;
  '-m pip') case "$*" in
      *--help*) echo '--report' ;;
      *--dry-run*) echo "asked for: $*"; export -p >"$0.environment"; while [ "$1" != --report ]; do shift; done; cp '${join(this.folder, 'report.json')}' "$2" ;;
    esac ;;
esac
`,
      true,
    );
  }

  /** The exported variables that pip was last run with, as sh prints them. */
  pipEnvironment(): string {
    const folder = join(this.root, 'toolchains/v0.5.0/venv/bin');
    return readFileSync(join(folder, 'python.environment'), 'utf8');
  }

  /** A folder that looks like llama.cpp: programs that answer, a converter and its gguf-py. */
  makeLlama(
    path: string,
    knownArchitectures = 'LLAMA = 1; DREAM = 2',
    number = '0.5.0-dev',
    commit = '0ad4a86',
  ): string {
    const version = `version: ${number} (build 1, commit ${commit})`;
    const program = `#!/bin/sh\ncase "$*" in *--version*) echo '${version}' ;; *jsonl*) echo '{"avg_ts": 1}' ;; *--help*) echo usage: ; exit 1 ;; esac\n`;
    for (const name of ['quantize', 'bench', 'completion']) this.write(`${path}/llama-${name}`, program, true);
    this.makeSource(path, knownArchitectures);
    return join(this.folder, path);
  }

  /** Serves a made-up release: nightly-tag.txt, the archive with programs and the source archive of the same tag. */
  async serveRelease(
    platform = `ubuntu-${process.arch === 'arm64' ? 'arm64' : 'x64'}`,
    of: { commit?: string; sourceCommit?: string } = {},
  ): Promise<void> {
    this.makeLlama('made/llama-b1234', undefined, undefined, of.commit);
    this.makeSource('made/llama.cpp-b1234', 'LLAMA = 1; DREAM = 2');
    this.serve('/release/v0.5.0/nightly-tag.txt', 'b1234\n');
    this.serve(`/release/b1234/llama-b1234-bin-${platform}.tar.gz`, await this.tar('llama-b1234'));
    const stamp =
      of.sourceCommit === undefined
        ? []
        : ['--format=pax', `--pax-option=globexthdr.name=pax_global_header,comment=${of.sourceCommit}`];
    this.serve('/source/b1234.tar.gz', await this.tar('llama.cpp-b1234', stamp));
  }

  run(args: readonly string[] = [], settings: Record<string, string> = {}): Promise<RunResult> {
    const env = {
      PATH: join(this.folder, 'bin'),
      HOME: this.folder,
      QD_ROOT: this.root,
      QD_RELEASE_BASE: `${this.url}/release`,
      QD_SOURCE_BASE: `${this.url}/source`,
      QD_NPM_REGISTRY: `${this.url}/npm`,
      QD_IMAGE_PATH: join(this.folder, 'no-image'),
      QD_TORCH_REQUIREMENTS: 'torch==2.13.0',
      QD_NEEDED_MIB: '1',
      ...settings,
    } as unknown as NodeJS.ProcessEnv;
    const startMs = performance.now();
    return new Promise((resolve) => {
      execFile(realTool('sh'), [SCRIPT, ...args], { env, cwd: '/' }, (error, stdout, stderr) => {
        const code = typeof error?.code === 'number' ? error.code : error === null ? 0 : -1;
        resolve({ code, output: stdout + stderr, elapsedMs: performance.now() - startMs });
      });
    });
  }

  private makeSource(path: string, knownArchitectures: string): void {
    this.write(`${path}/convert_hf_to_gguf.py`, '# made up\n');
    this.write(`${path}/conversion/dream.py`, 'model_arch = gguf.MODEL_ARCH.DREAM\n');
    this.write(`${path}/gguf-py/gguf/__init__.py`, `class MODEL_ARCH:\n    ${knownArchitectures}\n`);
    for (const name of ['models/templates/a.jinja', 'requirements/a.txt', 'LICENSE']) this.write(`${path}/${name}`, '');
  }

  private tar(name: string, options: readonly string[] = []): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      execFile(
        'tar',
        [...options, '-czf', '-', '-C', join(this.folder, 'made'), name],
        { encoding: 'buffer' },
        (error, stdout) => (error === null ? resolve(stdout) : reject(error)),
      );
    });
  }
}

/** What `pip install --dry-run --report` writes, as far as the script reads it. */
export function pipReport(...packages: readonly (readonly [name: string, version: string])[]): string {
  return JSON.stringify({ install: packages.map(([name, version]) => ({ metadata: { name, version } })) });
}

function realTool(name: string): string {
  const folder = (process.env.PATH ?? '').split(delimiter).find((candidate) => existsSync(join(candidate, name)));
  if (folder === undefined) throw new Error(`${name} is needed for this test and not in PATH`);
  return realpathSync(join(folder, name));
}
