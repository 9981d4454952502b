import { createHash } from 'node:crypto';
import { linkSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseCheckpointFiles } from '../../lib/model/checkpoint-files';
import { createLocalFolder } from '../../lib/store/local-folder';

const localFolder = createLocalFolder();

let place: string;
let folder: string;
beforeEach(async () => {
  place = await mkdtemp(path.join(tmpdir(), 'quantdeck-folder-'));
  folder = path.join(place, 'model');
  await mkdir(folder);
});
afterEach(() => rm(place, { recursive: true, force: true }));

async function put(name: string, content = '0123456789'): Promise<void> {
  await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
  await writeFile(path.join(folder, name), content);
}

const names = async () => (await localFolder.list(folder)).map((file) => file.path);

describe('a folder on this machine', () => {
  it('lists regular files at the top and one level below, and reads any part of them', async () => {
    await put('config.json');
    await put('1_Pooling/config.json', 'pool');
    await put('1_Pooling/deep/config.json');
    expect(await localFolder.list(folder)).toEqual([
      { path: 'config.json', sizeBytes: 10 },
      { path: '1_Pooling/config.json', sizeBytes: 4 },
    ]);
    const chunks: Uint8Array[] = [];
    for await (const chunk of localFolder.read(folder, '1_Pooling/config.json', 1, 2)) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('oo');
    expect(await localFolder.sha256(folder, '1_Pooling/config.json')).toBe(
      createHash('sha256').update('pool').digest('hex'),
    );
  });

  it('knows a changed file by its hash, also where size and time of change are those of before', async () => {
    const sumOf = (text: string) => createHash('sha256').update(text).digest('hex');
    const longAgo = new Date('2024-05-01T12:00:00Z');
    for (const content of ['first one', 'other one', 'third one']) {
      await put('model.safetensors', content);
      await utimes(path.join(folder, 'model.safetensors'), longAgo, longAgo);
      for (let time = 0; time < 2; time += 1)
        expect(await localFolder.sha256(folder, 'model.safetensors')).toBe(sumOf(content));
    }
  });

  it('holds everything that a checkpoint needs, although a hundred other folders lie beside it', async () => {
    const wanted = [
      'config.json',
      'model.safetensors',
      '1_Pooling/config.json',
      'additional_chat_templates/tool_use.jinja',
    ];
    for (const name of wanted) await put(name);
    for (let run = 0; run < 100; run += 1) await put(`0-run-${String(run).padStart(3, '0')}/log.txt`);
    const { files } = chooseCheckpointFiles(await localFolder.list(folder));
    expect(files.map((file) => file.path).sort()).toEqual([...wanted].sort());
  });

  it('follows links that stay inside, also from a subfolder to the top', async () => {
    await put('config.json');
    await put('shared/config.json', 'pool');
    await symlink('config.json', path.join(folder, 'alias.json'));
    await symlink('shared', path.join(folder, '1_Pooling'));
    await mkdir(path.join(folder, '2_Dense'));
    await symlink('../config.json', path.join(folder, '2_Dense/config.json'));
    expect(await names()).toEqual([
      'alias.json',
      'config.json',
      '1_Pooling/config.json',
      '2_Dense/config.json',
      'shared/config.json',
    ]);
    expect(await localFolder.sha256(folder, '2_Dense/config.json')).toBe(
      await localFolder.sha256(folder, 'alias.json'),
    );
  });

  it.each([
    ['weights', 'weights.safetensors', 'secret'],
    ['a folder of companions', 'additional_chat_templates', '.'],
    ['a file in such a folder', '1_Pooling/config.json', 'secret'],
  ])('refuses %s behind a link that leads out', async (_what, name, target) => {
    await writeFile(path.join(place, 'secret'), 'secret');
    await put('config.json');
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await symlink(path.join(place, target), path.join(folder, name));
    await expect(localFolder.list(folder)).rejects.toMatchObject({ failure: { code: 'invalid-input' } });
    await expect(localFolder.sha256(folder, name)).rejects.toMatchObject({ failure: { code: 'invalid-input' } });
  });

  it('does not reach a file through a linked folder on the way, nor by dots', async () => {
    await writeFile(path.join(place, 'secret'), 'secret');
    await symlink(place, path.join(folder, 'out'));
    for (const name of ['out/secret', '../secret', '..']) {
      await expect(localFolder.sha256(folder, name)).rejects.toMatchObject({ failure: { code: 'invalid-input' } });
      await expect(localFolder.read(folder, name, 0, 1).next()).rejects.toMatchObject({
        failure: { code: 'invalid-input' },
      });
    }
  });

  it('leaves out links that matter to no checkpoint: outside, nowhere, in a circle', async () => {
    await put('config.json');
    await symlink(place, path.join(folder, '.cache'));
    await symlink('nowhere', path.join(folder, 'old'));
    await symlink('circle', path.join(folder, 'circle'));
    await symlink('.', path.join(folder, 'self'));
    expect(await names()).toEqual(['config.json']);
  });

  it('names what is missing, and refuses a folder with too much in it', async () => {
    await expect(localFolder.list(path.join(folder, 'nope'))).rejects.toMatchObject({
      failure: { code: 'source-folder-missing' },
    });
    await symlink('nowhere', path.join(folder, 'tokenizer.json'));
    await expect(localFolder.list(folder)).rejects.toMatchObject({ failure: { code: 'source-folder-missing' } });
    await rm(path.join(folder, 'tokenizer.json'));
    await put('runs/0');
    // Further names of one file, which are made in half the time.
    for (let at = 1; at <= 10_000; at += 1) linkSync(path.join(folder, 'runs/0'), path.join(folder, `runs/${at}`));
    await expect(localFolder.list(folder)).rejects.toMatchObject({ failure: { code: 'invalid-input' } });
  });
});
