import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { ROOT } from '../../lib/launch/run-program.mjs';
import { hashOf, readStamp, removeStamp, writeStamp } from '../../lib/launch/stamp.mjs';

const FOLDER = `dist/stamp-test-${process.pid}`;
const inFolder = (name: string) => path.join(ROOT, FOLDER, name);

beforeEach(() => {
  rmSync(inFolder('.'), { recursive: true, force: true });
  mkdirSync(inFolder('deep'), { recursive: true });
  writeFileSync(inFolder('a.ts'), 'one');
  writeFileSync(inFolder('deep/b.ts'), 'two');
});
afterAll(() => rmSync(inFolder('.'), { recursive: true, force: true }));

describe('the hash over what a build is made from', () => {
  it('stays when nothing changed', () => {
    expect(hashOf([FOLDER])).toBe(hashOf([FOLDER]));
  });

  it('changes with the content, the name and the number of files', () => {
    const before = hashOf([FOLDER]);
    writeFileSync(inFolder('deep/b.ts'), 'TWO');
    const edited = hashOf([FOLDER]);
    rmSync(inFolder('deep/b.ts'));
    writeFileSync(inFolder('deep/c.ts'), 'TWO');
    const renamed = hashOf([FOLDER]);
    rmSync(inFolder('deep/c.ts'));
    expect(new Set([before, edited, renamed, hashOf([FOLDER])]).size).toBe(4);
  });

  it('does not change with a file that is passed over', () => {
    const isSkipped = (file: string) => file.endsWith('.md');
    const before = hashOf([FOLDER], isSkipped);
    writeFileSync(inFolder('README.md'), 'words');
    expect(hashOf([FOLDER], isSkipped)).toBe(before);
  });

  it('counts a missing file as absent', () => {
    expect(hashOf([`${FOLDER}/none`])).toBe(hashOf([]));
  });
});

describe('a stamp', () => {
  it('is null before the work is finished and after it was forgotten', () => {
    const file = `${FOLDER}/.stamp`;
    expect(readStamp(file)).toBeNull();
    writeStamp(file, 'abc');
    expect(readStamp(file)).toBe('abc');
    removeStamp(file);
    expect(readStamp(file)).toBeNull();
  });
});
