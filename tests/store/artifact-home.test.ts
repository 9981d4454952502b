import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
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
    // Whether the disk of these tests shares blocks is its own affair; the kernel's is never that of ours.
    expect(await home.takesRoomOf(path.join(folder, 'not', 'there'))).toBe(await home.takesRoomOf(folder));
    if (existsSync('/proc/self')) expect(await home.takesRoomOf('/proc')).toBe(false);
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

  describe('copies a file of this disk', () => {
    const bytes = randomBytes(3_000_001);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const patience = () => ({ onProgress: () => undefined, signal: new AbortController().signal });
    let source: string;
    beforeEach(async () => {
      source = path.join(folder, 'made.gguf');
      await writeFile(source, bytes, { mode: 0o644 });
    });

    it('whole, and what is missing of it, and hashes what is there then', async () => {
      const home = createArtifactHome(folder);
      const file = await home.pathFor('job', 'x.gguf');
      for (const startBytes of [0, 1, 300_000, bytes.length]) {
        await writeFile(`${file}.part`, Buffer.concat([bytes.subarray(0, startBytes), Buffer.from('beyond')]));
        const range = { startBytes, totalBytes: bytes.length };
        expect(await home.copyFrom(source, file, range, patience())).toEqual({ sha256, sizeBytes: bytes.length });
        expect((await readFile(`${file}.part`)).equals(bytes)).toBe(true);
      }
      await rm(`${file}.part`);
      await home.copyFrom(source, file, { startBytes: 0, totalBytes: bytes.length }, patience());
      expect((await stat(`${file}.part`)).mode & 0o777).toBe(0o600);
    });

    it('and shows what an earlier part has lost', async () => {
      const home = createArtifactHome(folder);
      const file = await home.pathFor('job', 'x.gguf');
      await writeFile(`${file}.part`, Buffer.alloc(1000, 7));
      const copied = await home.copyFrom(source, file, { startBytes: 1000, totalBytes: bytes.length }, patience());
      expect(copied.sizeBytes).toBe(bytes.length);
      expect(copied.sha256).not.toBe(sha256);
    });

    it('and says how much there was of one that is shorter, or why there is none', async () => {
      const home = createArtifactHome(folder);
      const file = await home.pathFor('job', 'x.gguf');
      const copied = await home.copyFrom(source, file, { startBytes: 0, totalBytes: 9_000_000 }, patience());
      expect(copied).toEqual({ sha256, sizeBytes: bytes.length });
      await symlink(source, path.join(folder, 'link'));
      for (const [name, code] of [
        ['nothing', 'ENOENT'],
        ['link', 'ELOOP'],
      ] as const) {
        const range = { startBytes: 0, totalBytes: 5 };
        await expect(home.copyFrom(path.join(folder, name), file, range, patience())).rejects.toMatchObject({ code });
      }
      await expect(home.copyFrom(folder, file, { startBytes: 0, totalBytes: 5 }, patience())).rejects.toThrow(
        'not a regular file',
      );
    });

    it('puts a file in the place of a link, and leaves what that led to', async () => {
      const home = createArtifactHome(folder);
      const file = await home.pathFor('job', 'x.gguf');
      const victim = path.join(folder, 'victim');
      await writeFile(victim, 'keep');
      await symlink(victim, `${file}.part`);
      await home.copyFrom(source, file, { startBytes: 0, totalBytes: bytes.length }, patience());
      expect(await readFile(victim, 'utf8')).toBe('keep');
      await rm(`${file}.part`);
      await symlink(victim, `${file}.part`);
      const range = { startBytes: 2, totalBytes: bytes.length };
      await expect(home.copyFrom(source, file, range, patience())).rejects.toMatchObject({ code: 'ELOOP' });
      expect(await readFile(victim, 'utf8')).toBe('keep');
    });

    it('tells how far it is, stops at once when told to, and keeps what it has', async () => {
      const home = createArtifactHome(folder);
      const file = await home.pathFor('job', 'x.gguf');
      await truncate(source, 20 * 1024 ** 3);
      const stop = new AbortController();
      const seen: number[] = [];
      let stoppedMs = Number.NaN;
      const onProgress = (done: number) => {
        seen.push(done);
        if (seen.length !== 3) return;
        stoppedMs = performance.now();
        stop.abort(new Error('enough'));
      };
      const range = { startBytes: 0, totalBytes: 20 * 1024 ** 3 };
      const copying = home.copyFrom(source, file, range, { onProgress, signal: stop.signal });
      await expect(copying).rejects.toThrow('enough');
      expect(performance.now() - stoppedMs).toBeLessThan(1000);
      expect(seen).toEqual(seen.toSorted((a, b) => a - b));
      expect(await home.partLength(file)).toBeGreaterThanOrEqual(seen.at(-1) ?? 0);
      await expect(home.copyFrom(source, file, range, { onProgress, signal: stop.signal })).rejects.toThrow('enough');
    });
  });
});
