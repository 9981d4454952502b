import { describe, expect, it } from 'vitest';
import { AnswerFrame, framed, newFrameMark } from '../../lib/ssh/answer-frame';
import { jobctlFailure, lastStatus, parseStatusLine } from '../../lib/ssh/attempt-status';
import { ChannelLimiter } from '../../lib/ssh/channel-limiter';
import { lastLines, printable } from '../../lib/ssh/printable-text';

describe('the frame around an answer', () => {
  it('drops what came before the mark, wherever the chunks are cut', () => {
    const mark = newFrameMark();
    const bytes = Buffer.from(
      `Welcome!\nquantdeck-attempt state=exited code=0\n${mark.slice(0, 20)}\n${mark}\nanswer ${mark}\n`,
    );
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const frame = new AnswerFrame(mark);
      const parts = [frame.push(bytes.subarray(0, cut)), frame.push(bytes.subarray(cut))];
      expect(Buffer.concat(parts.filter((part) => part !== null)).toString()).toBe(`answer ${mark}\n`);
      expect(frame.noise).toContain('Welcome!');
    }
  });

  it('keeps little of endless noise and never takes it for the answer', () => {
    const frame = new AnswerFrame(newFrameMark());
    for (let turn = 0; turn < 100; turn += 1) expect(frame.push(Buffer.alloc(10_000, 'x'))).toBeNull();
    expect(frame.isOpen).toBe(false);
    expect(frame.noise.length).toBe(16_384);
  });

  it('uses another mark each time', () => {
    expect(newFrameMark()).not.toBe(newFrameMark());
    expect(framed('true', 'm')).toMatch(/^echo m; echo m >&2\n/);
  });
});

describe('what the host says of an attempt', () => {
  it('is read exactly', () => {
    expect(parseStatusLine('quantdeck-attempt state=exited code=137 end=10 size=12 cancel=1')).toEqual({
      state: 'exited',
      exitCode: 137,
      logEnd: 10,
      logBytes: 12,
      cancelRequested: true,
    });
    expect(parseStatusLine('quantdeck-attempt state=running code=- end=- size=0 cancel=0')).toMatchObject({
      exitCode: null,
      logEnd: null,
    });
  });

  it.each([
    '',
    'quantdeck-attempt state=happy code=0 end=0 size=0 cancel=0',
    'quantdeck-attempt state=exited code=0x1 end=0 size=0 cancel=0',
    'x quantdeck-attempt state=exited code=0 end=0 size=0 cancel=0',
    'quantdeck-attempt state=exited code=0 end=99999999999999999999 size=0 cancel=0',
  ])('is refused when it is not well formed: %s', (line) => {
    expect(parseStatusLine(line)).toBeNull();
  });

  it('is the last one said', () => {
    const line = (state: string) => `quantdeck-attempt state=${state} code=- end=- size=0 cancel=0`;
    expect(lastStatus(`${line('new')}\n${line('running')}\n\n`)?.state).toBe('running');
  });

  it.each([
    ['quantdeck-error write\n/dev/sda1 1000 1000 12 100% /\n', 'disk-full'],
    ['quantdeck-error write\n/dev/sda1 100000000 1000 90000000 1% /\n', 'host-not-writable'],
    ['quantdeck-error unsupported\n', 'host-unsupported'],
    ['quantdeck-error upload\n', 'host-lost'],
    ['something else', 'ssh-protocol'],
  ])('stands for a failure: %j', (output, code) => {
    expect(jobctlFailure(output, 'sh: oops')).toMatchObject({
      failure: { code, remedy: expect.stringMatching(/.{10}/) },
    });
  });
});

describe('text of a host', () => {
  it('loses its control characters and its length', () => {
    expect(printable('\r\n\n\u001b]0;title\u0007he\u202ello\u0000', 50)).toBe(']0;titlehello');
    expect(printable('x'.repeat(99), 10)).toBe(`${'x'.repeat(9)}…`);
    expect(lastLines('a\n\nb\r\nc\n', 2)).toEqual(['b', 'c']);
  });
});

describe('the limit of channels', () => {
  it('keeps places free for short commands', async () => {
    const limiter = new ChannelLimiter(3, 2);
    const held = await Promise.all([limiter.acquire('long'), limiter.acquire('long')]);
    let isThird = false;
    const third = limiter.acquire('long').then((release) => {
      isThird = true;
      return release;
    });
    const short = await limiter.acquire('short');
    expect(isThird).toBe(false);
    short();
    short();
    await Promise.resolve();
    expect(isThird).toBe(false);
    held[0]?.();
    (await third)();
  });

  it('forgets who stopped waiting', async () => {
    const limiter = new ChannelLimiter(1, 1);
    const release = await limiter.acquire('short');
    const stop = new AbortController();
    const refused = expect(limiter.acquire('short', stop.signal)).rejects.toThrow('over');
    stop.abort(new Error('over'));
    await refused;
    const next = limiter.acquire('short');
    release();
    (await next)();
    await expect(limiter.acquire('short', stop.signal)).rejects.toThrow('over');
  });
});
