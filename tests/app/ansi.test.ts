import { describe, expect, it } from 'vitest';
import { type AnsiSpan, PLAIN, parseAnsi } from '../../app/_live/ansi';

const ESC = '\u001b';
const textOf = (spans: readonly AnsiSpan[]) => spans.map((span) => span.text).join('');

describe('parseAnsi', () => {
  it('leaves plain text as one span', () => {
    expect(parseAnsi('writing tensors').spans).toEqual([{ text: 'writing tensors', style: PLAIN }]);
  });

  it('colours text and goes back to plain at reset', () => {
    const { spans, style } = parseAnsi(`a${ESC}[1;31merror${ESC}[0m b`);
    expect(spans.map((span) => [span.text, span.style.foreground, span.style.bold])).toEqual([
      ['a', null, false],
      ['error', 1, true],
      [' b', null, false],
    ]);
    expect(style).toEqual(PLAIN);
  });

  it('hands the style on to the next line', () => {
    const first = parseAnsi(`${ESC}[32mgreen`);
    expect(parseAnsi('still', first.style).spans[0]?.style.foreground).toBe(2);
  });

  it('brings 256 and 24 bit colours down to the eight of the theme', () => {
    const colorOf = (sgr: string) => parseAnsi(`${ESC}[${sgr}mx`).spans[0]?.style.foreground;
    expect(colorOf('38;5;9')).toBe(1);
    expect(colorOf('38;5;46')).toBe(2);
    expect(colorOf('38;2;255;200;10')).toBe(3);
    expect(colorOf('38;2;200;200;200')).toBe(7);
    expect(colorOf('97')).toBe(7);
  });

  it('keeps reading parameters after an extended colour', () => {
    const style = parseAnsi(`${ESC}[38;5;12;4mx`).spans[0]?.style;
    expect([style?.foreground, style?.underline]).toEqual([4, true]);
  });

  it('drops titles, hyperlinks, DCS and cursor movement, and keeps the text around them', () => {
    const line = `a${ESC}]0;evil title\u0007b${ESC}]8;;http://x/${ESC}\\c${ESC}P1$qm${ESC}\\d${ESC}[2Ke${ESC}[10;5Hf${ESC}(Bg\u009b31mh`;
    expect(textOf(parseAnsi(line).spans)).toBe('abcdefgh');
  });

  it('drops control characters and bidirectional overrides, but not tabs', () => {
    expect(textOf(parseAnsi('a\u0008b\u0000c\u202ed\u2066e\tf').spans)).toBe('abcde\tf');
  });

  it('shows nothing of a sequence that is cut off, wherever it is cut', () => {
    const whole = `ab${ESC}[38;5;196mcd${ESC}]0;title${ESC}\\ef`;
    for (let length = 0; length <= whole.length; length += 1) {
      expect('abcdef').toContain(textOf(parseAnsi(whole.slice(0, length)).spans));
    }
  });

  it('does not let an unfinished string swallow more than its limit', () => {
    const shown = textOf(parseAnsi(`${ESC}]0;${'x'.repeat(10_000)}`).spans);
    expect(shown.length).toBeGreaterThan(5000);
  });
});
