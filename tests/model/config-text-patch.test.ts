import { describe, expect, it } from 'vitest';
import type { ConfigPatch } from '../../lib/domain/conversion-spec';
import { applyConfigPatch } from '../../lib/model/config-patch';
import { patchConfigText, removeField, renameField } from '../../lib/model/config-text-patch';
import { parsePythonJson } from '../../lib/model/python-json';
import { pickFrom, seededRandom } from '../support/seeded-random';

/** As transformers writes a Mamba 2 config: numbers that JavaScript cannot keep, and one that JSON does not have. */
const MAMBA = `{
  "architectures": [
    "Mamba2ForCausalLM"
  ],
  "layer_norm_epsilon": 1e-05,
  "rescale": 1.0,
  "seed": 12345678901234567890,
  "time_step_limit": [
    0.0,
    Infinity
  ],
  "floor": [NaN, -Infinity, -0.0, 1E+3],
  "note": "say \\"NaN\\": \\u00e9 \\/",
  "vocab_size": 32000
}
`;

describe('patchConfigText', () => {
  it('changes the value of a field and not one byte besides', () => {
    expect(patchConfigText(MAMBA, { vocab_size: 49_152 })).toBe(MAMBA.replace('32000', '49152'));
    expect(patchConfigText(MAMBA, {})).toBe(MAMBA);
  });

  it('adds a field after the last one, in its style', () => {
    expect(patchConfigText(MAMBA, { num_hidden_layers: 3, tie: true })).toBe(
      MAMBA.replace('32000', '32000,\n  "num_hidden_layers": 3,\n  "tie": true'),
    );
    expect(patchConfigText('{"a":1,"b":2}', { c: 3 })).toBe('{"a":1,"b":2,"c":3}');
    expect(patchConfigText('{"a": 1}', { c: null })).toBe('{"a": 1, "c": null}');
    expect(patchConfigText('{"a":1}', { c: 'x' })).toBe('{"a":1,"c":"x"}');
    expect(patchConfigText('{\r\n\t"a" : 1\r\n}', { c: 3 })).toBe('{\r\n\t"a" : 1,\r\n\t"c" : 3\r\n}');
    expect(patchConfigText(' { } ', { a: 1, b: 2 })).toBe(' {"a": 1, "b": 2} ');
  });

  it('reaches into a section, and adds to it with its own indentation', () => {
    const text = '{\n  "text_config": {\n    "vocab_size": 1,\n    "keep": Infinity\n  },\n  "a": 1\n}';
    expect(patchConfigText(text, { 'text_config.vocab_size': 3, 'text_config.n': 4, a: 2, b: 5 })).toBe(
      '{\n  "text_config": {\n    "vocab_size": 3,\n    "keep": Infinity,\n    "n": 4\n  },\n  "a": 2,\n  "b": 5\n}',
    );
    expect(patchConfigText('{"a": {"b": {"c": 1}}}', { 'a.b.c': 2, 'a.b.d': 3 })).toBe(
      '{"a": {"b": {"c": 2, "d": 3}}}',
    );
  });

  it('takes a dotted key for a plain one where there is no such section, or the patch replaces it', () => {
    expect(patchConfigText('{"a": [1]}', { 'a.b': 1, 'none.key': 2 })).toBe('{"a": [1], "a.b": 1, "none.key": 2}');
    expect(patchConfigText('{"a": {"b": 1}}', { a: null, 'a.b': 2 })).toBe('{"a": null, "a.b": 2}');
  });

  it('writes architectures as a list of one', () => {
    expect(patchConfigText('{"architectures": [ "A",  "B" ], "x": 0}', { architectures: 'C' })).toBe(
      '{"architectures": ["C"], "x": 0}',
    );
  });

  it('changes the later of two equal keys, which is the one that Python reads', () => {
    expect(patchConfigText('{"a": 1, "\\u0061": 2, "b": {}, "b": {"c": 1}}', { a: 3, 'b.c': 4 })).toBe(
      '{"a": 1, "\\u0061": 3, "b": {}, "b": {"c": 4}}',
    );
  });

  it('treats names of the language itself as plain fields', () => {
    const patch = JSON.parse('{"__proto__": 1, "constructor.x": 2, "toString": 3}') as ConfigPatch;
    expect(patchConfigText('{"__proto__": {"y": 1}}', patch)).toBe(
      '{"__proto__": 1, "constructor.x": 2, "toString": 3}',
    );
    expect(({} as { y?: number }).y).toBeUndefined();
  });

  it.each([
    ['a list', '[1]'],
    ['nothing', ''],
    ['half an object', '{"a": 1'],
    ['two objects', '{} {}'],
    ['a comma too many', '{"a": 1,}'],
    ['a comment', '{"a": 1 /* one */}'],
    ['a word that Python does not know either', '{"a": +Infinity}'],
    ['hostile depth', `{"a": ${'['.repeat(2_000_000)}`],
    ['hostile depth of objects', '{"a":'.repeat(500_000)],
  ])('refuses %s with a failure that says so', (_what, text) => {
    expect(() => patchConfigText(text, { a: 2 })).toThrowError(/config\.json cannot be repaired/);
    const file = 'tokenizer_config.json';
    const failure = expect.objectContaining({ code: 'model-tokenizer-missing', remedy: expect.stringContaining(file) });
    for (const edit of [
      () => patchConfigText(text, { tokenizer_class: 'a' }, file),
      () => renameField(text, 'a', 'b', file),
    ])
      expect(edit).toThrowError(expect.objectContaining({ message: expect.stringContaining(file), failure }));
  });

  it('stays quick and whole with megabytes of text, digits and members', () => {
    const long = 'x'.repeat(4_000_000);
    const text = `{"s": "${long}", "n": ${'7'.repeat(2_000_000)}, ${'"k": 1,'.repeat(200_000)} "v": 1}`;
    const startedMs = performance.now();
    const patched = patchConfigText(text, Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`f${at}`, at])));
    expect(performance.now() - startedMs).toBeLessThan(5000);
    expect(patched.startsWith(text.slice(0, -1))).toBe(true);
    expect(patched.endsWith(', "f99": 99}')).toBe(true);
  });
});

describe('patchConfigText on random objects', () => {
  it('means what the patch says, and keeps every character that it does not replace', () => {
    for (let seed = 1; seed <= 2000; seed += 1) {
      const random = seededRandom(seed);
      const text = randomObject(random);
      const patch = randomPatch(random);
      const original = parsePythonJson(text) as Record<string, unknown>;
      const patched = patchConfigText(text, patch);
      expect(parsePythonJson(patched), `seed ${seed}`).toEqual(applyConfigPatch(original, patch));
      expect(patchConfigText(patched, patch), `seed ${seed}, again`).toBe(patched);
      const touches = Object.keys(patch).some((key) => Object.hasOwn(original, key.split('.')[0] ?? ''));
      // Only additions: all that was there is a beginning of what is there now.
      if (!touches)
        expect(patched.startsWith(text.slice(0, text.lastIndexOf('}')).trimEnd()), `seed ${seed}`).toBe(true);
    }
  });
});

const KEYS = ['a', 'b', 'vocab_size', 'text_config', '__proto__', 'x y', 'é'];

function randomObject(random: () => number): string {
  const members = Array.from({ length: Math.floor(random() * 6) }, () => {
    return `"${pickFrom(random, KEYS)}"${space(random)}:${space(random)}${value(random, 3)}`;
  });
  return `${space(random)}{${space(random)}${members.join(`${space(random)},${space(random)}`)}${space(random)}}\n`;
}

function randomPatch(random: () => number): ConfigPatch {
  const fields = Array.from({ length: 1 + Math.floor(random() * 3) }, () => [
    random() < 0.3 ? `${pickFrom(random, KEYS)}.${pickFrom(random, KEYS)}` : pickFrom(random, KEYS),
    pickFrom(random, [7, 'seven', true, null, 1e-7]),
  ]);
  return Object.fromEntries(fields);
}

function space(random: () => number): string {
  return pickFrom(random, ['', '', ' ', '\n  ', '\r\n\t']);
}

function value(random: () => number, depth: number): string {
  const kind = random();
  if (depth === 0 || kind < 0.6) {
    return pickFrom(random, [
      '1e-05',
      '12345678901234567890',
      'Infinity',
      '-Infinity',
      'NaN',
      '-0.0',
      'true',
      'null',
      '"a, {[:]}"',
      '"\\"\\\\"',
      '[]',
      '{}',
    ]);
  }
  const items = Array.from({ length: Math.floor(random() * 4) }, () => value(random, depth - 1));
  if (kind < 0.75) return `[${items.join(`,${space(random)}`)}]`;
  return `{${items.map((item) => `"${pickFrom(random, KEYS)}":${space(random)}${item}`).join(',')}${space(random)}}`;
}

describe('removeField', () => {
  it.each([
    ['{"a": 1, "b": {"c": [2]}, "d": 3}', 'b', '{"a": 1, "d": 3}'],
    ['{"b": 1, "a": 2}', 'b', '{"a": 2}'],
    ['{"a": 2,\n  "b": 1\n}', 'b', '{"a": 2\n}'],
    ['{"b": 1}', 'b', '{}'],
    ['{"b": 1, "b": 2}', 'b', '{}'],
    ['{"a": 0, "b": 1, "c": 3, "b": 2, "b": 4}', 'b', '{"a": 0, "c": 3}'],
    ['{"a": 2}', 'b', '{"a": 2}'],
    ['{"s": {"a": 1, "b": 2}, "b": 3}', 's.b', '{"s": {"a": 1}, "b": 3}'],
    ['{"b": 3}', 's.b', '{"b": 3}'],
  ])('of %s takes %s out and nothing besides', (text, field, rest) => {
    expect(removeField(text, field, 'config.json')).toBe(rest);
  });
});
