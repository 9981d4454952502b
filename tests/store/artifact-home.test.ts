import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createArtifactHome } from '../../lib/store/artifact-home';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'quantdeck-home-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the home of artifacts', () => {
  it('continues a part where it ends, cuts off what lies beyond, and names the file when it is whole', async () => {
    const home = createArtifactHome(folder);
    const file = await home.pathFor('job-1', 'model-Q4_K_M.gguf');
    const first = await home.openPart(file, 0);
    await first.write(Buffer.from('hello wrong'), 0);
    await first.close();
    expect(await home.partLength(file)).toBe(11);
    const chunks: Uint8Array[] = [];
    for await (const chunk of home.readPart(file, 6)) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('hello ');
    const second = await home.openPart(file, 6);
    await second.write(Buffer.from('you'), 6);
    expect(await home.fileSha256(file)).toBeNull();
    await second.complete();
    await second.close();
    expect(await readFile(file, 'utf8')).toBe('hello you');
    expect(await home.partLength(file)).toBe(0);
    expect(await home.fileSha256(file)).toEqual({
      sha256: createHash('sha256').update('hello you').digest('hex'),
      sizeBytes: 9,
    });
    expect(await home.freeBytes()).toBeGreaterThan(0);
    await home.remove(file);
    expect(await home.fileSha256(file)).toBeNull();
  });

  it('refuses names and paths that lead elsewhere, and a part that is too short', async () => {
    const home = createArtifactHome(folder);
    for (const name of ['../x', '.hidden', 'a/b', '-x', '', 'a b', 'x'.repeat(300)])
      await expect(home.pathFor('job', name)).rejects.toThrow();
    await expect(home.pathFor('..', 'x.gguf')).rejects.toThrow('not a place');
    await expect(home.remove('/etc/passwd')).rejects.toThrow('not a place');
    await expect(home.openPart(await home.pathFor('job', 'x.gguf'), 5)).rejects.toThrow('cannot go on');
  });

  it('does not write through a link that lies in the place of a part', async () => {
    const home = createArtifactHome(folder);
    const file = await home.pathFor('job', 'x.gguf');
    const target = path.join(folder, 'victim');
    await writeFile(target, 'keep');
    await symlink(target, `${file}.part`);
    await expect(home.openPart(file, 0)).rejects.toThrow();
    expect(await readFile(target, 'utf8')).toBe('keep');
  });
});
