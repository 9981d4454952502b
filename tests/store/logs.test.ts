import { appendFile, mkdir, readdir, readlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lineNumberAt, readLog, searchLog } from '../../lib/store/log-views';
import { runtime } from '../../lib/store/runtime';
import { stepLogs as logs } from '../../lib/store/step-logs';
import { addTestInstance, addTestJob, openTestDatabase, type TestDatabase } from '../support/test-database';

let database: TestDatabase;
let jobId: string;
let stepId: string;
beforeAll(async () => {
  database = await openTestDatabase();
  await addTestInstance('host');
});
afterAll(() => database.close());
beforeEach(async () => {
  jobId = await addTestJob('host');
  stepId = (await runtime().client.step.findFirstOrThrow({ where: { jobId } })).id;
});

async function writeLog(bytes: Buffer | string) {
  const folder = path.join(database.dataFolder, 'jobs', jobId, 'logs');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, `${stepId}.log`), bytes);
}

describe('a step log', () => {
  it('grows by what is appended and reads back any window of it', async () => {
    expect(await logs.length(jobId, stepId)).toBe(0);
    expect(await logs.append(jobId, stepId, Buffer.from('one\n'))).toBe(4);
    expect(await logs.append(jobId, stepId, Buffer.from('two\n'))).toBe(8);
    expect(Buffer.from((await readLog(jobId, stepId, 2, 3))?.bytes ?? []).toString()).toBe('e\nt');
    expect(await readLog(jobId, stepId, 100, 10)).toEqual({ bytes: Buffer.alloc(0), length: 8 });
    expect(await logs.tail(jobId, stepId, 0, 3)).toBe('wo\n');
    expect(await logs.tail(jobId, stepId, 6, 100)).toBe('o\n');
  });

  it('goes on at its end after a pause, whoever has written meanwhile', async () => {
    await logs.append(jobId, stepId, Buffer.from('one\n'));
    await sleep(1300);
    await appendFile(path.join(database.dataFolder, 'jobs', jobId, 'logs', `${stepId}.log`), 'by another process\n');
    expect(await logs.append(jobId, stepId, Buffer.from('two\n'))).toBe(27);
    expect(await logs.length(jobId, stepId)).toBe(27);
    const descriptors = async () => {
      const names = await readdir('/proc/self/fd');
      const targets = await Promise.all(names.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')));
      return targets.filter((target) => target.endsWith(`${stepId}.log`)).length;
    };
    expect(await descriptors()).toBe(1);
    await sleep(1300);
    expect(await descriptors()).toBe(0);
  });

  it('is empty before the first byte, and unknown for a step of another job or an id that is a path', async () => {
    expect(await readLog(jobId, stepId, 0, 10)).toEqual({ bytes: new Uint8Array(0), length: 0 });
    const other = await addTestJob('host');
    expect(await readLog(other, stepId, 0, 10)).toBeNull();
    expect(await readLog('..', '../../master', 0, 10)).toBeNull();
    await expect(logs.append('../x', stepId, Buffer.from('x'))).rejects.toThrow('not an id');
  });

  it('counts lines', async () => {
    await writeLog('a\nb\nc');
    expect(await lineNumberAt(jobId, stepId, 0)).toBe(1);
    expect(await lineNumberAt(jobId, stepId, 2)).toBe(2);
    expect(await lineNumberAt(jobId, stepId, 99)).toBe(3);
  });
});

describe('searching', () => {
  it('finds a match across the border of two blocks, with its line', async () => {
    const filler = `${'x'.repeat(99)}\n`.repeat(2621);
    const text = `${filler}${'y'.repeat(262_144 - filler.length - 3)}NEEDLE end\nnext`;
    expect(text.indexOf('NEEDLE')).toBe(262_141);
    await writeLog(text);
    const found = await searchLog(jobId, stepId, 'needle');
    expect(found.truncated).toBe(false);
    expect(found.matches).toEqual([
      { offset: 262_141, lineOffset: filler.length, line: text.slice(filler.length).split('\n')[0] },
    ]);
    expect((await searchLog(jobId, stepId, 'needle', { caseSensitive: true })).matches).toEqual([]);
  });

  it('agrees with a plain search of the whole text, for every match', async () => {
    const text = Array.from(
      { length: 30_000 },
      (_, index) => `line ${index} ${index % 97 === 0 ? 'aab aab' : ''}é`,
    ).join('\n');
    const bytes = Buffer.from(text);
    await writeLog(bytes);
    const offsets: number[] = [];
    for (let at = bytes.indexOf('aab'); at !== -1; at = bytes.indexOf('aab', at + 3)) offsets.push(at);
    const { matches } = await searchLog(jobId, stepId, 'aab', { limit: 1000 });
    expect(matches.map(({ offset }) => offset)).toEqual(offsets);
    for (const match of matches) {
      expect(match.lineOffset).toBe(bytes.lastIndexOf(10, match.offset) + 1);
      expect(match.line).toMatch(/^line \d+ aab aab/);
    }
  });

  it('answers with the surroundings in a line of a megabyte, and with the right line after it', async () => {
    await writeLog(`${'a'.repeat(600_000)}MARK${'b'.repeat(600_000)}\nsecond MARK\n`);
    const { matches } = await searchLog(jobId, stepId, 'MARK');
    expect(matches.map(({ lineOffset }) => lineOffset)).toEqual([0, 1_200_005]);
    expect(matches[0]?.line.length).toBeLessThanOrEqual(2000);
    expect(matches[0]?.line).toContain('aMARKb');
    expect(matches[1]?.line).toBe('second MARK');
  });

  it('stops at the limit, says so, and goes on from an offset', async () => {
    await writeLog('hit\n'.repeat(50));
    const first = await searchLog(jobId, stepId, 'HIT', { limit: 10 });
    expect(first.truncated).toBe(true);
    expect(first.matches).toHaveLength(10);
    const rest = await searchLog(jobId, stepId, 'hit', { fromOffset: 160 });
    expect(rest.matches[0]).toEqual({ offset: 160, lineOffset: 160, line: 'hit' });
    expect(rest).toMatchObject({ truncated: false });
    expect(rest.matches).toHaveLength(10);
  });

  it('finds text beyond ASCII by its bytes and refuses an unknown step', async () => {
    await writeLog('größe\nGRÖSSE\n');
    expect((await searchLog(jobId, stepId, 'GRöße')).matches).toMatchObject([{ offset: 0 }]);
    await expect(searchLog(jobId, 'nope', 'x')).rejects.toMatchObject({ failure: { code: 'not-found' } });
  });
});
