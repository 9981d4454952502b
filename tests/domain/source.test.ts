import { describe, expect, it } from 'vitest';
import { parseSourceText, sourceName, sourceSchema } from '../../lib/domain/source';

describe('what people paste as a model', () => {
  it.each([
    ['owner/name', { kind: 'hub', repo: 'owner/name', revision: 'main' }],
    ['  owner/name@v1.0 ', { kind: 'hub', repo: 'owner/name', revision: 'v1.0' }],
    ['https://huggingface.co/owner/name', { kind: 'hub', repo: 'owner/name', revision: 'main' }],
    ['https://huggingface.co/owner/name/tree/abc123?x=1', { kind: 'hub', repo: 'owner/name', revision: 'abc123' }],
    ['/models/llama', { kind: 'folder', location: 'host', path: '/models/llama' }],
    ['~/models/llama', { kind: 'folder', location: 'host', path: '~/models/llama' }],
    ['C:\\models\\llama', { kind: 'folder', location: 'host', path: 'C:\\models\\llama' }],
  ])('%s', (text, source) => {
    expect(parseSourceText(text)).toEqual(source);
  });

  it.each(['', 'name', 'owner/name; rm -rf ~', 'owner/$(id)', '/a\u0000b'])('%j is nothing we know', (text) => {
    expect(parseSourceText(text)).toBeNull();
  });

  it('a relative folder is refused with a reason', () => {
    const outcome = sourceSchema.safeParse({ kind: 'folder', path: 'models/x' });
    expect(outcome.error?.issues[0]?.message).toContain('whole path');
  });

  it('has a short name', () => {
    expect(sourceName({ kind: 'hub', repo: 'owner/Name-7B', revision: 'main' })).toBe('Name-7B');
    expect(sourceName({ kind: 'folder', location: 'host', path: '/models/llama/' })).toBe('llama');
    expect(sourceName({ kind: 'folder', location: 'host', path: 'C:\\models\\x' })).toBe('x');
    expect(sourceName({ kind: 'folder', location: 'host', path: '/' })).toBe('/');
  });
});
