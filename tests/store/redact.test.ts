import { describe, expect, it } from 'vitest';
import { Redactor, redactText } from '../../lib/store/redact';

/** The obvious way, on the whole text at once. */
function expected(text: string, secrets: readonly string[]): string {
  const marks = new Array<boolean>(text.length).fill(false);
  const forms = secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
  ]);
  for (const form of forms) {
    for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, at + 1))
      marks.fill(true, at, at + form.length);
  }
  for (let at = text.indexOf('hf_'); at !== -1; at = text.indexOf('hf_', at + 1)) {
    const run = /^hf_[A-Za-z0-9]{20,}/.exec(text.slice(at));
    if (run) marks.fill(true, at, at + run[0].length);
  }
  return [...text].map((character, at) => (marks[at] && character !== '\n' ? '*' : character)).join('');
}

/** A small generator with a seed, so that a failure can be run again. */
function generator(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe('the redactor', () => {
  it('masks the same bytes however the stream is cut', () => {
    const secrets = ['abcabcabd', 'hunter-22!', 'cabdabc', 'two\nlines'];
    const pieces = [
      ...secrets,
      'abc',
      'ab',
      'hf_',
      `hf_${'A'.repeat(20)}`,
      'hf_short',
      'h',
      'hf',
      'x',
      '\n',
      'Zz9'.repeat(9),
      'hunter-22%21',
      'YWJjYWJjYWJk',
    ];
    for (let seed = 1; seed <= 400; seed += 1) {
      const next = generator(seed);
      const text = Array.from({ length: 30 }, () => pieces[next(pieces.length)]).join('');
      const redactor = new Redactor(secrets);
      const out: Uint8Array[] = [];
      for (let at = 0; at < text.length; ) {
        const length = 1 + next(next(3) === 0 ? 40 : 4);
        out.push(redactor.push(Buffer.from(text.slice(at, at + length))));
        at += length;
      }
      out.push(redactor.flush());
      expect(Buffer.concat(out).toString(), `seed ${seed}`).toBe(expected(text, secrets));
    }
  });

  it('holds back no more than what may still become a secret', () => {
    const redactor = new Redactor(['s3cret-value']);
    expect(Buffer.from(redactor.push(Buffer.from('plain line\n'))).toString()).toBe('plain line\n');
    expect(Buffer.from(redactor.push(Buffer.from('x s3cret'))).toString()).toBe('x ');
    expect(Buffer.from(redactor.push(Buffer.from(' no'))).toString()).toBe('s3cret no');
  });

  it('never holds back a token without an end', () => {
    const redactor = new Redactor([]);
    expect(redactor.push(Buffer.from(`hf_${'a'.repeat(100_000)}`))).toHaveLength(100_003);
    expect(Buffer.from(redactor.push(Buffer.from('bcd end'))).toString()).toBe('*** end');
  });

  it('leaves words alone that are too short to be secrets', () => {
    expect(redactText('the cat', ['cat', ''])).toBe('the cat');
    expect(redactText('token=swordfish', ['swordfish'])).toBe('token=*********');
  });
});
