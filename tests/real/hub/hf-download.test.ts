import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { downloadFile, fileDownloadInfo, parseSafetensorsMetadata, pathsInfo } from '@huggingface/hub';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeHub, startFakeHub } from '../../support/fake-hub/fake-hub';
import { toolchainProgram, unlessMissing } from '../../support/installed-toolchain';
import { checkpointFiles, TINY_CHECKPOINTS, type TinyCheckpoint } from '../../support/tiny-checkpoints';

const TOKEN = 'hf_testtoken';
const hf = toolchainProgram('hf');
const files: Record<string, string | Uint8Array> = {
  ...checkpointFiles(TINY_CHECKPOINTS['qwen3'] as TinyCheckpoint),
  'sub/notes.md': '# notes',
};
let server: FakeHub;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'quantdeck-hf-'));
  server = await startFakeHub({
    pageSize: 2,
    tokens: [TOKEN],
    repos: {
      'tester/tiny': { files },
      'tester/secret': { files, isPrivate: true, allowedTokens: [TOKEN] },
      'tester/gated': { files, isGated: true },
    },
  });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

async function download(
  repo: string,
  token: string | null,
): Promise<{ exitCode: number; output: string; target: string }> {
  const target = path.join(folder, `${repo.replace('/', '-')}-${Math.random().toString(36).slice(2)}`);
  const env = {
    ...process.env,
    HF_ENDPOINT: server.url,
    HF_HOME: path.join(folder, 'home'),
    HF_HUB_DISABLE_UPDATE_CHECK: '1',
    ...(token ? { HF_TOKEN: token } : {}),
  };
  try {
    const { stdout, stderr } = await promisify(execFile)(hf ?? '', ['download', repo, '--local-dir', target], { env });
    return { exitCode: 0, output: stdout + stderr, target };
  } catch (error) {
    const failed = error as { code: number; stdout: string; stderr: string };
    return { exitCode: failed.code, output: failed.stdout + failed.stderr, target };
  }
}

describe.skipIf(hf === null)(
  unlessMissing('the real "hf download" against the fake hub', hf, 'hf'),
  { timeout: 60_000 },
  () => {
    it('fetches a public model whole', async () => {
      const { exitCode, output, target } = await download('tester/tiny', null);
      expect([exitCode, output]).toEqual([0, expect.any(String)]);
      for (const [name, content] of Object.entries(files)) {
        expect(Buffer.compare(await readFile(path.join(target, name)), Buffer.from(content))).toBe(0);
      }
    });

    it('fetches a private model with a token, which the storage host never sees', async () => {
      const seen = server.requests.length;
      expect((await download('tester/secret', TOKEN)).exitCode).toBe(0);
      const storage = server.requests.slice(seen).filter((request) => request.host === 'cdn');
      expect(storage.length).toBeGreaterThan(0);
      expect(storage.every((request) => request.authorization === null)).toBe(true);
    });

    it("is told what is missing, private and gated in the hub's own terms", async () => {
      expect((await download('tester/nobody', null)).output).toMatch(
        /RepositoryNotFound|Repository Not Found|not found/i,
      );
      expect((await download('tester/gated', null)).output).toMatch(/gated|restricted/i);
    });
  },
);

describe('the real @huggingface/hub against the fake hub', () => {
  const at = () => ({ repo: 'tester/tiny', hubUrl: server.url });

  it('downloads small files and large ones', async () => {
    for (const name of ['config.json', 'model.safetensors', 'sub/notes.md']) {
      const blob = await downloadFile({ ...at(), path: name, xet: false });
      expect(Buffer.compare(Buffer.from(await (blob as Blob).arrayBuffer()), Buffer.from(files[name] ?? ''))).toBe(0);
    }
  });

  it('reads sizes and paths', async () => {
    const info = await fileDownloadInfo({ ...at(), path: 'model.safetensors' });
    expect(info?.size).toBe(files['model.safetensors']?.length);
    const [entry] = await pathsInfo({ ...at(), paths: ['model.safetensors'] });
    expect(entry?.lfs?.size).toBe(files['model.safetensors']?.length);
  });

  it('parses the same header as ours', async () => {
    const parsed = await parseSafetensorsMetadata({ ...at(), path: 'model.safetensors' });
    expect(parsed.sharded).toBe(false);
    if (!parsed.sharded) expect(Object.keys(parsed.header)).toContain('model.embed_tokens.weight');
  });
});
