import type { ConfigPatch } from '../domain/conversion-spec';
import { FailureError } from '../domain/failure';
import { SECTIONS } from './config-patch';
import { JsonCursor, type JsonDialect, type JsonSpan, JsonSyntaxError } from './json-cursor';

type FieldValue = ConfigPatch[string] | Readonly<Record<string, ConfigPatch[string]>>;

/** One replacement in the text; an insertion has an empty span. */
interface Edit extends JsonSpan {
  readonly text: string;
}

interface Layout {
  readonly span: JsonSpan;
  /** Values of the members asked for; of two equal keys the later one, which is the one that Python reads. */
  readonly values: ReadonlyMap<string, JsonSpan>;
  readonly last: { readonly key: JsonSpan; readonly value: JsonSpan } | null;
}

/** Configs nest six deep; Python's own reader gives up near a thousand. */
const DIALECT: JsonDialect = { maxDepth: 128, isPython: true };

/**
 * The text of config.json with a patch's fields set and every other character as it was: order, indentation, spelling
 * of numbers, `Infinity`. A dotted key (`text_config.vocab_size`) reaches into the section of that name when there is
 * one that the patch does not replace; `architectures` becomes a list of one. A new field is written after the last one
 * of its section, in that one's style.
 * @param file the file of this text, where it is another one: tokenizer files are edited in the same way.
 * @throws FailureError `model-config-missing`, of another file `model-tokenizer-missing`, when the text is no JSON object.
 */
export function patchConfigText(text: string, patch: ConfigPatch, file = 'config.json'): string {
  return editJson(text, file, () => editsFor(text, 0, new Map(Object.entries(patch))));
}

/**
 * The text of a JSON object with one of its fields under another name; the text itself when it has no such field.
 * @param file named in the failure.
 * @throws FailureError `model-tokenizer-missing` when the text is not a JSON object.
 */
export function renameField(text: string, from: string, to: string, file: string): string {
  return editJson(text, file, () => {
    const keys: JsonSpan[] = [];
    const cursor = new JsonCursor(text, DIALECT, 0);
    cursor.object((key, span) => {
      if (key === from) keys.push(span);
      cursor.skip();
    });
    cursor.end();
    return keys.map((span) => ({ ...span, text: JSON.stringify(to) }));
  });
}

/**
 * The text of a JSON object without one of its fields, or without one of a section's (`text_config.quantization_config`);
 * the text itself when it has no such field.
 * @param file named in the failure.
 * @throws FailureError `model-config-missing`, of another file `model-tokenizer-missing`, when the text is no JSON object.
 */
export function removeField(text: string, field: string, file: string): string {
  return editJson(text, file, () => {
    const [section, inner] = [sectionOf(field), field.slice(sectionOf(field).length + 1)];
    if (inner === '') return removals(text, 0, field);
    const { values } = readLayout(text, 0, new Set([section]));
    const start = values.get(section)?.start;
    return start !== undefined && text[start] === '{' ? removals(text, start, inner) : [];
  });
}

/** Each member of that name goes with the comma behind it; those behind all others go with the comma before them. */
function removals(text: string, start: number, field: string): Edit[] {
  const members: { readonly key: string; readonly start: number; readonly end: number }[] = [];
  const cursor = new JsonCursor(text, DIALECT, start);
  cursor.object((key, span) => members.push({ key, start: span.start, end: cursor.skip().end }));
  const lastKept = members.findLastIndex(({ key }) => key !== field);
  const edits: Edit[] = members.slice(0, Math.max(0, lastKept)).flatMap((member, at) => {
    return member.key === field ? [{ start: member.start, end: members[at + 1]?.start ?? member.end, text: '' }] : [];
  });
  const [end, first] = [members.at(-1)?.end, members[lastKept]?.end ?? members[0]?.start];
  if (lastKept < members.length - 1 && end !== undefined && first !== undefined) {
    edits.push({ start: first, end, text: '' });
  }
  return edits;
}

function editJson(text: string, file: string, edits: () => Edit[]): string {
  try {
    return apply(text, edits());
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const code = file === 'config.json' ? 'model-config-missing' : 'model-tokenizer-missing';
    throw new FailureError(code, `${file} cannot be repaired, because it is not a JSON object.`, {
      remedy: `Take ${file} from the base model, or from an earlier revision of this one.`,
      evidence: [error.message],
      cause: error,
    });
  }
}

/** What to change in the object that begins at `start`. The text must end with the outermost one. */
function editsFor(text: string, start: number, patch: ReadonlyMap<string, FieldValue>): Edit[] {
  const wanted = new Set([...patch.keys()].flatMap((key) => [key, sectionOf(key)]));
  const layout = readLayout(text, start, wanted);
  const isObject = (key: string) => text[layout.values.get(key)?.start ?? -1] === '{';
  const fields = withNewSections(patch, isObject);
  const edits: Edit[] = [];
  const added: [string, FieldValue][] = [];
  const sections = new Map<string, Map<string, FieldValue>>();
  for (const [key, value] of fields) {
    const section = sectionOf(key);
    const there = layout.values.get(key);
    if (section !== key && isObject(section) && !fields.has(section)) {
      const group = sections.get(section) ?? new Map<string, FieldValue>();
      sections.set(section, group.set(key.slice(section.length + 1), value));
    } else if (there) edits.push({ ...there, text: spell(key, value) });
    else added.push([key, value]);
  }
  for (const [section, group] of sections) edits.push(...editsFor(text, layout.values.get(section)?.start ?? 0, group));
  if (added.length > 0) edits.push(insertion(text, layout, added));
  return edits;
}

/** Fields of a known section that is not there yet, or is null, become that section as one field. */
function withNewSections(
  fields: ReadonlyMap<string, FieldValue>,
  isObject: (key: string) => boolean,
): ReadonlyMap<string, FieldValue> {
  const made = new Map<string, FieldValue>();
  for (const [key, value] of fields) {
    const section = sectionOf(key);
    if (section === key || !SECTIONS.has(section) || isObject(section) || fields.has(section)) made.set(key, value);
    else made.set(section, { ...(made.get(section) as object), [key.slice(section.length + 1)]: value } as FieldValue);
  }
  return made;
}

function readLayout(text: string, start: number, wanted: ReadonlySet<string>): Layout {
  const cursor = new JsonCursor(text, DIALECT, start);
  const values = new Map<string, JsonSpan>();
  let last: Layout['last'] = null;
  const span = cursor.object((key, keySpan) => {
    const value = cursor.skip();
    if (wanted.has(key)) values.set(key, value);
    last = { key: keySpan, value };
  });
  if (start === 0) cursor.end();
  return { span, values, last };
}

function insertion(text: string, { span, last }: Layout, added: readonly [string, FieldValue][]): Edit {
  const style = last ? styleOf(text, last) : { gap: '', colon: ': ' };
  const members = added.map(([key, value]) => `${JSON.stringify(key)}${style.colon}${spell(key, value)}`);
  if (!last) return { ...span, text: `{${members.join(', ')}}` };
  const text_ = members.map((member) => `,${style.gap}${member}`).join('');
  return { start: last.value.end, end: last.value.end, text: text_ };
}

/** How a member is set apart from the one before it, and its value from its key. */
function styleOf(text: string, { key, value }: NonNullable<Layout['last']>): { gap: string; colon: string } {
  let gapStart = key.start;
  while (' \t\r\n'.includes(text.charAt(gapStart - 1))) gapStart -= 1;
  const gap = text.slice(gapStart, key.start);
  const colon = text.slice(key.end, value.start);
  // The only member of `{"a": 1}` has no gap before it; a second one would.
  return { gap: gap === '' && text[gapStart - 1] === '{' && colon.endsWith(' ') ? ' ' : gap, colon };
}

function apply(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let copied = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    parts.push(text.slice(copied, edit.start), edit.text);
    copied = edit.end;
  }
  return parts.join('') + text.slice(copied);
}

function sectionOf(key: string): string {
  const dot = key.indexOf('.');
  return dot < 0 ? key : key.slice(0, dot);
}

function spell(key: string, value: FieldValue): string {
  return JSON.stringify(key === 'architectures' && typeof value === 'string' ? [value] : value);
}
