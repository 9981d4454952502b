import { describe, expect, it } from 'vitest';
import { safeNext } from '../../app/_access/safe-next';
import { FAILURE_TITLE } from '../../app/_copy/failure-copy';
import { factLine } from '../../app/_instances/fact-line';
import { outputGroups } from '../../app/_new-job/output-groups';
import { readSourceText } from '../../app/_new-job/read-source-text';
import { browserName } from '../../app/_settings/browser-name';
import { isCurrent } from '../../app/_shell/nav-items';
import { relativeWords } from '../../app/_ui/relative-time';
import { pageAddress, parseOffset } from '../../app/_ui/search-params';
import { FAILURE_CODES } from '../../lib/domain/failure';
import { QUANTIZATION_TYPES } from '../../lib/domain/quantization-types';

describe('words', () => {
  it('has a short title without a full stop for every failure', () => {
    for (const code of FAILURE_CODES) {
      expect(FAILURE_TITLE[code], code).toMatch(/^[A-Zcl].{5,60}[^.]$/);
    }
  });

  it('says how long ago something was', () => {
    expect([1000, 14_000, 200_000, 7_300_000, 5 * 86_400_000].map(relativeWords)).toEqual([
      'just now',
      '14 s ago',
      '3 min ago',
      '2 h ago',
      '5 d ago',
    ]);
  });

  it('names what it understood of a model field, and what is missing', () => {
    expect(readSourceText('').words).toBeNull();
    expect(readSourceText('https://huggingface.co/a/b/tree/v1').words).toContain('revision v1');
    expect(readSourceText('/models/phi').source?.kind).toBe('folder');
    expect(readSourceText('phi-4')).toMatchObject({ isWrong: true, words: expect.stringContaining('owner') });
    expect(readSourceText('a/b; rm -rf /').isWrong).toBe(true);
  });

  it('tells a host in one line and leaves out what is unknown', () => {
    expect(factLine(null)).toBe('not checked yet');
    const facts = { cores: 1, memoryTotalBytes: null, diskFreeBytes: 1024 ** 3, gpus: [] };
    expect(factLine(facts as unknown as Parameters<typeof factLine>[0])).toBe('1 core · 1.0 GiB free · no GPU');
  });

  it('recognizes common browsers', () => {
    expect(
      browserName(
        'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0',
      ),
    ).toBe('Edge on Windows');
    expect(browserName('')).toBe('unknown browser');
  });
});

describe('addresses', () => {
  it('never leads to another site after the login', () => {
    expect(safeNext('/jobs/1?step=verify')).toBe('/jobs/1?step=verify');
    for (const evil of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      '/\t/evil',
      'javascript:alert(1)',
      '',
    ]) {
      expect(safeNext(evil)).toBe('/');
    }
  });

  it('keeps parameters that say something and drops the others', () => {
    expect(pageAddress('/jobs', { status: 'failed', q: '', offset: 0 })).toBe('/jobs?status=failed');
    expect(parseOffset('50')).toBe(50);
    expect(parseOffset('-1')).toBe(0);
    expect(parseOffset(['1', '2'])).toBe(0);
  });

  it('marks the place in the navigation that a page belongs to', () => {
    expect(isCurrent('/', '/jobs')).toBe(false);
    expect(isCurrent('/jobs', '/jobs/1')).toBe(true);
    expect(isCurrent('/jobs', '/jobsx')).toBe(false);
  });
});

describe('outputGroups', () => {
  it('offers every type of llama-quantize exactly once', () => {
    const offered = outputGroups().flatMap((group) => group.types);
    expect([...offered].sort()).toEqual([...QUANTIZATION_TYPES].sort());
  });
});
