import { describe, expect, it } from 'vitest';
import { checkCard } from '../../lib/model/card-check';
import { memoryReader } from '../support/memory-reader';

const check = (text: string) => checkCard(memoryReader({ 'README.md': text }));

describe("a model card's front matter", () => {
  it.each([
    ['---\nlicense: [mit\ntags: a\n---\n', 'license: [mit'],
    ['---\ntags: {a: b\n---\n', 'tags: {a: b'],
    ['---\r\ntags: ["a]\r\nlicense: mit\r\n---\r\n', 'tags: ["a]'],
  ])('that opens what it does not close is left out: %j', async (text, line) => {
    expect(await check(text)).toMatchObject({
      finding: { code: 'card-unreadable', severity: 'damages', evidence: [line] },
      repair: { kind: 'leave-out', files: ['README.md'] },
    });
  });

  it.each([
    '---\nlicense: mit\ntags: [a, b]\nlanguage:\n- en\n---\n# [A model\n',
    '---\ntags: [a,\n  b]\nwidget: [{"text": "a ] b"}]\n---\n',
    '# A model\nlist: [open\n',
    '---\nlist: [open\n',
    '---\nname: it is [not a list\n---\n',
    '',
  ])('that a reader accepts, or does not see, is left: %j', async (text) => {
    expect(await check(text)).toBeNull();
  });
});
