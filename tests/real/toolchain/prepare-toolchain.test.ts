import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parsePrepareOutcome } from '../../../lib/toolchain/prepare-script';
import { FakeHost, pipReport, type RunResult } from '../../support/toolchain-fake-host';

let host: FakeHost;

beforeEach(async () => {
  host = await FakeHost.start();
});

afterEach(() => {
  host.stop();
});

function manifestOf(result: RunResult) {
  const outcome = parsePrepareOutcome(result.output);
  if (outcome?.kind !== 'ready') throw new Error(`no manifest in:\n${result.output}`);
  return outcome.manifest;
}

function failureOf(result: RunResult) {
  const outcome = parsePrepareOutcome(result.output);
  if (outcome?.kind !== 'failed') throw new Error(`no failure in:\n${result.output}`);
  expect(result.output).not.toMatch(/\bQD_/);
  expect(result.code).toBe(1);
  expect(result.output.match(/^quantdeck-(failure|result): /gm)).toHaveLength(1);
  return outcome.failure;
}

describe('a release archive', () => {
  beforeEach(async () => {
    host.addPython();
    await host.serveRelease();
  });

  it('is fetched, proven and written down, and found again at once', async () => {
    const first = await host.run();
    const manifest = manifestOf(first);
    expect(first.code).toBe(0);
    expect(manifest).toMatchObject({ origin: 'release', commit: '0ad4a86', transformersVersion: '4.57.6' });
    expect(manifest.binaryVersion).toBe('0.5.0-dev (build 1, commit 0ad4a86)');
    expect(manifest.tools).toEqual(['llama-bench', 'llama-completion', 'llama-quantize']);
    expect(manifest.archives).toMatch(/tar\.gz=[0-9a-f]{64} source=[0-9a-f]{64}$/);
    expect(first.output).toContain("Way 'image' is not used");
    expect(first.output).toContain('quantdeck-progress: {"phase":"download","done":2,"total":2,"unit":"files"}');
    expect(readdirSync(join(host.root, 'toolchains'))).toEqual(['v0.5.0']);

    const asked = host.requests.length;
    const second = await host.run();
    expect(second.output).toContain('Already prepared');
    expect(manifestOf(second)).toEqual(manifest);
    expect(host.requests).toHaveLength(asked);
    expect(second.elapsedMs).toBeLessThan(2000);
  });

  it('is fetched with Python where there is no curl and no wget', async () => {
    host.remove('bin/curl');
    const result = await host.run();
    expect(manifestOf(result).origin).toBe('release');
    expect(result.output).toContain('$ (python) fetch http://');
  });

  it('is fetched once when two preparations start together', async () => {
    const [one, two] = await Promise.all([host.run(), host.run()]);
    expect([one.code, two.code]).toEqual([0, 0]);
    expect(manifestOf(one)).toEqual(manifestOf(two));
    expect(host.requests.filter((url) => url.includes('-bin-ubuntu-'))).toHaveLength(1);
    expect(existsSync(join(host.root, 'toolchains/.lock-v0.5.0'))).toBe(false);
  });

  it('is fetched by one that takes over the lock of a dead one', async () => {
    host.write('root/toolchains/.lock-v0.5.0/owner', '4194305 12345');
    const result = await host.run();
    expect(result.code).toBe(0);
    expect(result.output).toContain('(process 4194305) is gone; taking over');
  });

  it('is not fetched again after the Python part failed', async () => {
    host.addPython({ report: pipReport(['torch', '2.13.0'], ['nvidia-cublas', '13.0']) });
    await host.run();
    host.addPython();
    const result = await host.run();
    expect(result.code).toBe(0);
    expect(host.requests.filter((url) => url.includes('-bin-ubuntu-'))).toHaveLength(1);
  });

  it('is refused when the disk is too small, with both numbers', async () => {
    const failure = failureOf(await host.run([], { QD_NEEDED_MIB: '999999999' }));
    expect(failure.code).toBe('toolchain-disk-full');
    expect(failure.message).toMatch(/Only \d+ MiB are free .* 999999999 MiB are needed/);
    expect(host.requests).toEqual([]);
  });

  it('never brings CUDA packages', async () => {
    for (const gpu of [
      ['nvidia-cublas', '13.0'],
      ['triton', '3.9'],
      ['cuda-toolkit', '13.0'],
    ] as const) {
      host.addPython({ report: pipReport(['torch', '2.13.0'], gpu) });
      const result = await host.run();
      expect(failureOf(result).code).toBe('toolchain-no-cpu-torch');
      expect(result.output).toContain(`Refused torch==2.13.0: it would bring CUDA packages (${gpu[0]})`);
    }
    host.addPython({ report: pipReport(['torch', '2.13.0+cu130']) });
    expect(failureOf(await host.run()).code).toBe('toolchain-no-cpu-torch');
  });

  it('passes over a torch index that cannot be reached', async () => {
    const result = await host.run([], { QD_TORCH_REQUIREMENTS: 'torch==2.11.0@http://127.0.0.1:9/cpu torch==2.13.0' });
    expect(result.output).toContain('http://127.0.0.1:9/cpu cannot be reached: next candidate.');
    expect(manifestOf(result).torchVersion).toBe('2.13.0');
  });

  it('hands pip its addresses where nobody else can read them, and all other arguments in its command', async () => {
    host.serve('/torch/', 'torch');
    const torch = host.url.replace('//', '//me:secret4@');
    const settings = {
      QD_PIP_INDEX_URL: 'https://me:secret1@pip.example/simple',
      QD_PIP_CONSTRAINTS: '/c.txt',
      QD_PIP_EXTRA_ARGS: `--pre -f https://me:secret2@links.example --extra-index-url=https://me:secret3@more.example/simple --no-cache`,
      QD_TORCH_REQUIREMENTS: `torch==2.13.0@${torch}`,
    };
    const result = await host.run([], settings);
    expect(result.code).toBe(0);
    expect(result.output).toMatch(/asked for: .*torch==2\.13\.0 .*--pre --no-cache$/m);
    expect(result.output).not.toContain('secret');
    expect(result.output).toMatch(/^\$ curl http:\/\/\*\*\*@127/m);
    const environment = host.pipEnvironment();
    expect(environment).toContain("PIP_INDEX_URL='https://me:secret1@pip.example/simple'");
    expect(environment).toContain("PIP_CONSTRAINT='/c.txt'");
    expect(environment).toContain("PIP_FIND_LINKS='https://me:secret2@links.example'");
    expect(environment).toContain(`PIP_EXTRA_INDEX_URL='https://me:secret3@more.example/simple ${torch}'`);
  });

  it.each([
    ['whose programs are', { commit: 'deadbee' }, 'say they are of commit deadbee, and v0.5.0 is 0ad4a86'],
    ['whose source is', { sourceCommit: 'ab'.repeat(20) }, `is of commit ${'ab'.repeat(20)}, and v0.5.0 is 0ad4a86`],
  ])('%s of another commit is not used, and the next way is tried', async (_what, of, reason) => {
    await host.serveRelease(undefined, of);
    const result = await host.run([], { QD_WAYS: 'release image' });
    expect(result.output).toMatch(new RegExp(`Way 'release' is not used: .*${reason}\\.`));
    expect(result.output).toContain("Way 'image' is not used");
    expect(failureOf(result).code).toBe('toolchain-build-failed');
  });

  it('of the pinned commit, spelled out, is used, and its source comes from the first place that has it', async () => {
    const commit = `0ad4a86${'0'.repeat(33)}`;
    await host.serveRelease(undefined, { commit: commit.slice(0, 9), sourceCommit: commit });
    const result = await host.run([], { QD_SOURCE_BASE: `${host.url}/elsewhere ${host.url}/source` });
    expect(manifestOf(result)).toMatchObject({ origin: 'release', commit: '0ad4a86' });
    expect(host.requests).toContain('/elsewhere/b1234.tar.gz');
  });
});

describe('a toolchain that is already there', () => {
  beforeEach(() => {
    host.addPython();
  });

  it('is used when the user gave it, without touching the network', async () => {
    const given = host.makeLlama('mine');
    const result = await host.run([], { QD_TOOLCHAIN_PATH: given });
    expect(manifestOf(result)).toMatchObject({
      origin: 'given',
      originDetail: given,
      commit: '0ad4a86',
      version: 'v0.5.0',
    });
    expect(host.requests).toEqual([]);
    expect((await host.run(['--check'], { QD_TOOLCHAIN_PATH: given })).code).toBe(0);
    expect((await host.run(['--check'], { QD_TOOLCHAIN_PATH: '/elsewhere' })).code).toBe(3);
  });

  it('is used when the image brings it', async () => {
    const image = host.makeLlama('app');
    const result = await host.run([], { QD_IMAGE_PATH: image });
    expect(manifestOf(result)).toMatchObject({ origin: 'image', paths: { binDir: image } });
  });

  it('is not used when the image brings another version, though a person may give that', async () => {
    await host.serveRelease();
    const image = host.makeLlama('app', undefined, '0.6.1');
    const result = await host.run([], { QD_IMAGE_PATH: image });
    expect(result.output).toContain('the llama.cpp of this image is 0.6.1 (build 1, commit 0ad4a86), not v0.5.0');
    expect(manifestOf(result)).toMatchObject({ origin: 'release', version: 'v0.5.0' });
    const given = await host.run([], { QD_TOOLCHAIN_PATH: image });
    expect(manifestOf(given)).toMatchObject({ origin: 'given', version: 'v0.6.1' });
  });

  it('is not used when its sentencepiece does not go with its protobuf', async () => {
    await host.serveRelease();
    host.write('site/sentencepiece/sentencepiece_model_pb2.py', 'from google.protobuf import of_another_age\n');
    const image = host.makeLlama('app');
    const result = await host.run([], { QD_IMAGE_PATH: image });
    expect(result.output).toContain("Way 'image' is not used: the sentencepiece of this image needs another protobuf");
    expect(manifestOf(result)).toMatchObject({ origin: 'release' });
  });

  it('is passed over when its script is newer than its gguf', async () => {
    await host.serveRelease();
    const given = host.makeLlama('mine', 'LLAMA = 1');
    const result = await host.run([], { QD_TOOLCHAIN_PATH: given });
    expect(result.output).toContain('do not belong together: gguf has no MODEL_ARCH.DREAM');
    expect(manifestOf(result).origin).toBe('release');
  });
});

describe('a host that lacks something', () => {
  it('is told that there is no Python', async () => {
    await host.serveRelease();
    const failure = failureOf(await host.run());
    expect(failure.code).toBe('toolchain-no-python');
    expect(failure.remedy).toContain('python3-venv');
  });

  it('is told that its Python is too old', async () => {
    await host.serveRelease();
    host.addPython({ version: '3.9' });
    const failure = failureOf(await host.run());
    expect(failure).toMatchObject({
      code: 'toolchain-python-too-old',
      message: expect.stringContaining('python3 is 3.9'),
    });
  });

  it('is told which programs are missing before anything is downloaded', async () => {
    host.addPython();
    const failure = failureOf(await host.run([], { QD_WAYS: 'prebuilt source' }));
    expect(failure.code).toBe('toolchain-no-compiler');
    expect(failure.remedy).toContain('Install: g++ cmake make');
    expect(host.requests).toEqual([]);
  });

  it('is told within seconds that there is no network', async () => {
    host.addPython();
    const result = await host.run([], { QD_WAYS: 'release', QD_RELEASE_BASE: 'http://127.0.0.1:9' });
    expect(failureOf(result).code).toBe('toolchain-no-network');
    expect(result.elapsedMs).toBeLessThan(5000);
  });
});

describe('a Mac', () => {
  it('gets the archive of its processor, checked without the tools of Linux', async () => {
    host.becomeMac();
    host.addPython();
    await host.serveRelease('macos-arm64');
    const manifest = manifestOf(await host.run());
    expect(manifest).toMatchObject({
      origin: 'release',
      originDetail: 'llama-b1234-bin-macos-arm64.tar.gz',
      glibc: '',
    });
    expect(manifest.archives).toMatch(/macos-arm64\.tar\.gz=[0-9a-f]{64} source=[0-9a-f]{64}$/);
    expect((await host.run(['--check'])).code).toBe(0);
  });

  it('is told that its system is too old for the archive, and uses no libraries made for Linux', async () => {
    host.becomeMac({ version: '12.7.4' });
    host.addPython();
    await host.serveRelease('macos-arm64');
    const result = await host.run();
    expect(result.output).toContain('the archive needs macOS 13.3, this is 12.7.4');
    expect(result.output).toContain("Way 'prebuilt' is not used: prebuilt libraries are only used on Linux.");
    expect(failureOf(result).remedy).toContain('xcode-select --install; brew install cmake');
  });

  it("does not take the stubs that stand in for Apple's tools for Python, git or a compiler", async () => {
    host.becomeMac({ hasAppleTools: false });
    host.addPython();
    for (const name of ['git', 'c++', 'make', 'cmake']) {
      rmSync(join(host.folder, 'bin', name), { force: true });
      host.write(`bin/${name}`, '#!/bin/sh\necho "a window was opened by $0"\n', true);
    }
    const settings = { QD_SYSTEM_BIN: join(host.folder, 'bin'), QD_WAYS: 'source' };
    const compiling = await host.run([], settings);
    expect(failureOf(compiling)).toMatchObject({
      code: 'toolchain-no-compiler',
      message: expect.stringContaining('not here: git g++ cmake make'),
    });
    await host.serveRelease('macos-arm64');
    const python = await host.run([], { ...settings, QD_WAYS: 'release' });
    expect(failureOf(python)).toMatchObject({
      code: 'toolchain-no-python',
      remedy: expect.stringContaining('brew install python'),
    });
    expect(compiling.output + python.output).not.toContain('a window was opened');
  });

  it('with an Intel processor is told why no Python environment can be made', async () => {
    host.becomeMac({ processor: 'x86_64' });
    host.addPython({ report: '' });
    await host.serveRelease('macos-x64');
    const failure = failureOf(await host.run());
    expect(failure).toMatchObject({ code: 'toolchain-no-cpu-torch', message: expect.stringContaining('Intel') });
  });
});

it('only looks with --check', async () => {
  const result = await host.run(['--check']);
  expect(result.code).toBe(3);
  expect(result.output).toContain('Not prepared: nothing is prepared in');
  expect(existsSync(host.root)).toBe(false);
});
