import { describe, expect, it } from 'vitest';
import { LogBuffer } from '../../app/_live/log-buffer';
import { foldCarriageReturns, plainText, withoutCutCharacter } from '../../app/_live/log-line';

const bytes = (text: string) => new TextEncoder().encode(text);
const textsOf = (buffer: LogBuffer) => buffer.lines().map(plainText);
const numbersOf = (buffer: LogBuffer) =>
  buffer.lines().map((line) => (buffer.lineBase === null ? null : line.ordinal + buffer.lineBase));

/** `line 1\n` … `line n\n`, each eight bytes as long as n has one digit. */
const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}\n`).join('');

describe('LogBuffer', () => {
  it('gives the same lines however the bytes are cut', () => {
    const log = bytes('héllo €\nzweite 🎉 Zeile\n\u001b[31mrot\u001b[0m\nopen end');
    for (let size = 1; size <= 7; size += 1) {
      const buffer = new LogBuffer(100);
      for (let offset = 0; offset < log.length; offset += size) buffer.append(log.slice(offset, offset + size), offset);
      expect(textsOf(buffer)).toEqual(['héllo €', 'zweite 🎉 Zeile', 'rot', 'open end']);
      expect(numbersOf(buffer)).toEqual([1, 2, 3, 4]);
    }
  });

  it('never shows half a character at the open end', () => {
    const buffer = new LogBuffer(100);
    buffer.append(bytes('a€').slice(0, 2), 0);
    expect(textsOf(buffer)).toEqual(['a']);
  });

  it('ignores bytes that it has and reports bytes that are missing', () => {
    const buffer = new LogBuffer(100);
    expect(buffer.append(bytes('one\ntwo\n'), 0)).toBe('appended');
    expect(buffer.append(bytes('two\n'), 4)).toBe('old');
    expect(buffer.append(bytes('two\nthree\n'), 4)).toBe('appended');
    expect(buffer.append(bytes('later\n'), 100)).toBe('gap');
    expect(textsOf(buffer)).toEqual(['one', 'two', 'three']);
    expect(buffer.endOffset).toBe(14);
  });

  it('keeps the newest lines when it is full and their numbers right', () => {
    const buffer = new LogBuffer(3);
    buffer.append(bytes(lines(1, 2)), 0);
    buffer.append(bytes(lines(3, 5)), 14);
    expect(textsOf(buffer)).toEqual(['line 3', 'line 4', 'line 5']);
    expect(numbersOf(buffer)).toEqual([3, 4, 5]);
    expect(buffer.startOffset).toBe(14);
  });

  it('takes a burst that is larger than itself at once', () => {
    const buffer = new LogBuffer(10);
    buffer.append(bytes(lines(1, 5)), 0);
    const burst = bytes(lines(6, 10_000));
    buffer.append(burst, 35);
    expect(textsOf(buffer).at(-1)).toBe('line 10000');
    expect(textsOf(buffer)).toHaveLength(10);
    expect(numbersOf(buffer)).toEqual([9991, 9992, 9993, 9994, 9995, 9996, 9997, 9998, 9999, 10_000]);
  });

  it('folds a progress bar to its last state without keeping the others', () => {
    const buffer = new LogBuffer(100);
    let offset = 0;
    for (let percent = 0; percent <= 100; percent += 1) {
      const update = bytes(`\r${percent}%|####`);
      buffer.append(update, offset);
      offset += update.length;
    }
    expect(textsOf(buffer)).toEqual(['100%|####']);
    buffer.append(bytes('\ndone\r\n'), offset);
    expect(textsOf(buffer)).toEqual(['100%|####', 'done']);
    expect(numbersOf(buffer)).toEqual([1, 2]);
  });

  it('begins a window in the middle at the next whole line, without numbers until somebody counted', () => {
    const buffer = new LogBuffer(100);
    buffer.reset(10);
    buffer.append(bytes('d of a line\nwhole\n'), 10);
    expect(textsOf(buffer)).toEqual(['whole']);
    expect(buffer.startOffset).toBe(22);
    expect(numbersOf(buffer)).toEqual([null]);
    buffer.setLinesBefore(buffer.firstOrdinal, 7);
    expect(numbersOf(buffer)).toEqual([8]);
  });

  it('puts earlier lines in front and numbers them once the beginning is reached', () => {
    const log = bytes(lines(1, 9));
    const buffer = new LogBuffer(100);
    buffer.reset(40);
    buffer.append(log.slice(40), 40);
    const start = buffer.startOffset;
    expect(buffer.prepend(log.slice(17, start), 17)).toBe(true);
    expect(textsOf(buffer)[0]).toBe('line 4');
    expect(buffer.prepend(log.slice(0, buffer.startOffset), 0)).toBe(true);
    expect(textsOf(buffer)).toEqual(lines(1, 9).trim().split('\n'));
    expect(numbersOf(buffer)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('drops lines at the end when reading backwards fills it, and can go on from there', () => {
    const log = bytes(lines(1, 9));
    const buffer = new LogBuffer(4);
    buffer.reset(35);
    buffer.append(log.slice(35), 35);
    buffer.prepend(log.slice(0, buffer.startOffset), 0);
    expect(textsOf(buffer)).toEqual(['line 1', 'line 2', 'line 3', 'line 4']);
    expect(buffer.endOffset).toBe(28);
    buffer.append(log.slice(28), 28);
    expect(textsOf(buffer)).toEqual(['line 6', 'line 7', 'line 8', 'line 9']);
    expect(numbersOf(buffer)).toEqual([6, 7, 8, 9]);
  });

  it('cuts output without newlines instead of growing for ever', () => {
    const buffer = new LogBuffer(10);
    for (let offset = 0; offset < 300_000; offset += 50_000) buffer.append(bytes('x'.repeat(50_000)), offset);
    expect(buffer.lines().length).toBeGreaterThan(1);
    expect(textsOf(buffer)[0]).toMatch(/bytes more$/);
    expect(buffer.endOffset).toBe(300_000);
  });

  it('marks the lines that are meant for the dashboard', () => {
    const buffer = new LogBuffer(10);
    buffer.append(bytes('quantdeck-progress: {"done":1}\nreal\n'), 0);
    expect(buffer.lines().map((line) => line.isMachine)).toEqual([true, false]);
  });
});

describe('the level of a line', () => {
  const levelOf = (text: string) => {
    const buffer = new LogBuffer(10);
    buffer.append(bytes(`${text}\n`), 0);
    return buffer.lines()[0]?.level;
  };

  it.each([
    'ERROR:hf-to-gguf:Model X is not supported',
    '\u001b[31merror:\u001b[0m unknown argument',
    'Traceback (most recent call last):',
    'AssertionError',
    'AttributeError: DREAM',
    'torch.cuda.OutOfMemoryError: CUDA out of memory',
    'llama_model_quantize: failed to quantize: tensor has wrong shape',
    "llama_model_load: error loading model: check_tensor_dims: tensor 'x' has wrong shape",
    'Killed',
    '[ERROR] no space left',
  ])('is error: %s', (text) => expect(levelOf(text)).toBe('error'));

  it.each(['WARNING:hf-to-gguf:ignored', 'FutureWarning: will change', '[warn] slow disk', 'warning: deprecated'])(
    'is warning: %s',
    (text) => expect(levelOf(text)).toBe('warning'),
  );

  it.each([
    'INFO:hf-to-gguf:Loading model',
    'finished with 0 errors and 0 warnings',
    'quantization error = 0.0123',
    'quantdeck-result: {"error:":"x"}',
    '',
  ])('is none: %s', (text) => expect(levelOf(text)).toBeNull());
});

describe('foldCarriageReturns', () => {
  it('keeps the last state, with or without a return at the end', () => {
    expect(new TextDecoder().decode(foldCarriageReturns(bytes('a\rb\rc\r')))).toBe('c');
    expect(new TextDecoder().decode(foldCarriageReturns(bytes('plain')))).toBe('plain');
    expect(foldCarriageReturns(bytes('\r\r'))).toHaveLength(0);
  });
});

describe('withoutCutCharacter', () => {
  it('leaves whole characters alone', () => {
    expect(withoutCutCharacter(bytes('é🎉'))).toHaveLength(6);
    expect(withoutCutCharacter(bytes('é🎉').slice(0, 5))).toHaveLength(2);
    expect(withoutCutCharacter(bytes('é').slice(0, 1))).toHaveLength(0);
  });
});
