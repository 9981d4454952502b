import type { ConfigPatch } from '../domain/conversion-spec';
import { FailureError } from '../domain/failure';
import type { FileRepair } from '../domain/file-repair';
import type { Answers } from '../domain/model-check';
import type { ByteRangeReader } from './byte-range-reader';
import { patchConfigText, removeField, renameField } from './config-text-patch';
import { readJsonDocument } from './json-file';

const MAX_EDITED_BYTES = 64 * 1024 * 1024;

/** The repair that a person approved. */
export interface ApprovedRepair {
  readonly configPatch: ConfigPatch;
  readonly fileRepairs: readonly FileRepair[];
  /** Of `configPatch`, what the person answered where nothing proves a value. */
  readonly answeredFields?: readonly string[];
}

/** A file of another repository of the hub. */
export type TakenFile = Pick<Extract<FileRepair, { kind: 'take-file-from' }>, 'repo' | 'file' | 'commit'>;

/** A checkpoint's files as a repair makes them: content by path, null for a file that is left out. */
export type RepairedFiles = ReadonlyMap<string, Uint8Array | null>;

/** The person's answers in an approved repair. */
export function answersOf({ configPatch, answeredFields = [] }: ApprovedRepair): Answers {
  const answers = Object.entries(configPatch).filter(
    ([field, value]) => answeredFields.includes(field) && !Array.isArray(value),
  );
  return Object.fromEntries(answers) as Answers;
}

/** Whether there is anything to repair. */
export function hasRepair({ configPatch, fileRepairs }: ApprovedRepair): boolean {
  return Object.keys(configPatch).length > 0 || fileRepairs.length > 0;
}

/**
 * What a repair writes, as edits of the files' own text; weights and everything else stay where they are.
 *
 * @param takeFile brings a file of another repository of the hub.
 * @throws FailureError `model-config-missing` or `model-tokenizer-missing` when a file to edit is not there or not JSON;
 *   what `takeFile` throws.
 */
export async function repairFiles(
  reader: ByteRangeReader,
  { configPatch, fileRepairs }: ApprovedRepair,
  takeFile: (wanted: TakenFile) => Promise<Uint8Array>,
): Promise<RepairedFiles> {
  const files = new Map<string, Uint8Array | null>();
  const edit = async (file: string, change: (text: string) => string) => {
    const done = files.get(file);
    const text = done ? new TextDecoder().decode(done) : await textOf(reader, file);
    files.set(file, new TextEncoder().encode(change(text)));
  };
  // Taken files first: a field of theirs may be among the changes.
  for (const repair of fileRepairs) {
    if (repair.kind === 'take-file-from') files.set(repair.file, await takeFile(repair));
    if (repair.kind === 'leave-out') for (const file of repair.files) files.set(file, null);
  }
  if (Object.keys(configPatch).length > 0) await edit('config.json', (text) => patchConfigText(text, configPatch));
  for (const repair of fileRepairs) {
    if (repair.kind === 'set-tokenizer-class')
      await edit(repair.file, (text) => patchConfigText(text, { tokenizer_class: repair.after }, repair.file));
    if (repair.kind === 'remove-field') await edit(repair.file, (text) => removeField(text, repair.field, repair.file));
    // The text as it was read has none.
    if (repair.kind === 'remove-byte-order-mark') await edit(repair.file, (text) => text);
    if (repair.kind === 'rename-field')
      await edit(repair.file, (text) => renameField(text, repair.from, repair.to, repair.file));
  }
  return files;
}

/** The checkpoint as it will be once the repair is written: what the converter is going to see. */
export function repairedReader(reader: ByteRangeReader, files: RepairedFiles): ByteRangeReader {
  return {
    list: async () => {
      const kept = (await reader.list()).filter((file) => !files.has(file.path));
      const made = [...files].flatMap(([path, bytes]) => (bytes ? [{ path, sizeBytes: bytes.length }] : []));
      return [...kept, ...made];
    },
    sizeBytes: async (path) => {
      const bytes = files.get(path);
      return bytes === undefined ? reader.sizeBytes(path) : (bytes?.length ?? null);
    },
    read: async (path, offset, length) => {
      const bytes = files.get(path);
      return bytes ? bytes.subarray(offset, offset + length) : reader.read(path, offset, length);
    },
  };
}

async function textOf(reader: ByteRangeReader, file: string): Promise<string> {
  const code = file === 'config.json' ? 'model-config-missing' : 'model-tokenizer-missing';
  const document = await readJsonDocument(reader, file, { maxBytes: MAX_EDITED_BYTES, code });
  if (document) return document.text;
  throw new FailureError(code, `There is no ${file} to repair.`, {
    remedy: 'Check the model again: its files have changed since the repair was proposed.',
  });
}
