import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { command, exportLines, forAnyLoginShell, quote } from '../../lib/ssh/shell-quote';

const ALPHABET = [
  'a',
  'B',
  '0',
  "'",
  '"',
  '\\',
  '$',
  '`',
  '!',
  '\n',
  '\r',
  '\t',
  ' ',
  '*',
  '?',
  '[',
  '{',
  '~',
  '#',
  '&',
  '|',
  ';',
  '<',
  '>',
  '(',
  '%',
  '=',
  '-',
  'é',
  '漢',
  '\u001b',
  '$(touch x)',
  '\\n',
  '$' + '{HOME}',
];

/** A fixed sequence, so that a failure can be repeated. */
function* randomTexts(count: number): Generator<string> {
  let state = 20_260_101;
  const next = (limit: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * limit);
  };
  for (let made = 0; made < count; made += 1) {
    yield Array.from({ length: next(14) }, () => ALPHABET[next(ALPHABET.length)] ?? '').join('');
  }
}

const POSIX_SHELLS = ['/bin/dash', '/bin/bash', '/usr/bin/busybox', '/usr/bin/zsh'].filter(existsSync);
const LOGIN_SHELLS = [...POSIX_SHELLS, '/usr/bin/fish', '/usr/bin/tcsh'].filter(existsSync);

const run = (shell: string, line: string) => {
  const argv = shell.endsWith('busybox') ? ['sh', '-c', line] : ['-c', line];
  return spawnSync(shell, argv, { encoding: 'utf8' }).stdout;
};

describe('quoting for the shell', () => {
  it.each(POSIX_SHELLS)('hands any text to a program unchanged in %s', (shell) => {
    const texts = [...randomTexts(400), '', '-n', 'if', "'", "''", '\n', 'a=b', '~/x'];
    const line = texts.map((text) => command(['printf', '%s\\0', text])).join('\n');
    expect(run(shell, line).split('\0').slice(0, -1)).toEqual(texts);
  });

  it.each(LOGIN_SHELLS)('hands any script to sh through a login shell like %s', (shell) => {
    const texts = [...randomTexts(300), 'plain', '!!', "it's", 'end\n\n'];
    const script = texts.map((text) => `printf '%s\\0' ${quote(text)}\n`).join('');
    expect(run(shell, forAnyLoginShell(script)).split('\0').slice(0, -1)).toEqual(texts);
    expect(run(shell, forAnyLoginShell('printf "%s" "$((40 + 2))"'))).toBe('42');
  });

  it('leaves plain words readable', () => {
    expect(command(['llama-quantize', '/data/a-b_c.gguf', 'Q4_K_M', '--threads=8'])).toBe(
      "llama-quantize /data/a-b_c.gguf Q4_K_M '--threads=8'",
    );
  });

  it('keeps a first word from being read as syntax', () => {
    expect(quote('if')).toBe("'if'");
  });

  it('refuses a NUL byte, which no argument can hold', () => {
    expect(() => quote('a\0b')).toThrow(/NUL/);
    expect(() => forAnyLoginShell('a\0b')).toThrow(/NUL/);
  });

  it('exports variables with any value and refuses a name that is none', () => {
    const value = 'it\'s "$HOME" `id`\nline \\ end';
    expect(run('/bin/sh', `${exportLines({ HF_TOKEN: value })}printenv HF_TOKEN`)).toBe(`${value}\n`);
    expect(() => exportLines({ 'A=1; touch x': '' })).toThrow(/name of an environment variable/);
  });
});
