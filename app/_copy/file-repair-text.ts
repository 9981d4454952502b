import type { FileRepair } from '../../lib/domain/file-repair';

/** A change to a file of a checkpoint, as a sentence. */
export function fileRepairText(repair: FileRepair): string {
  switch (repair.kind) {
    case 'set-tokenizer-class':
      return `${repair.file}: tokenizer_class from ${repair.before ?? 'nothing'} to ${repair.after}.`;
    case 'rename-field':
      return `${repair.file}: ${repair.from} is called ${repair.to}.`;
    case 'remove-field':
      return `${repair.file}: without ${repair.field}. ${repair.reason}`;
    case 'remove-byte-order-mark':
      return `${repair.file}: without the invisible byte order mark at its beginning. Nothing else changes.`;
    case 'take-file-from':
      return `${repair.file} is taken from ${repair.repo}${repair.commit ? ` (commit ${repair.commit.slice(0, 8)})` : ''}: ${repair.reason}`;
    case 'leave-out':
      return `Left out: ${repair.files.join(', ')}. ${repair.reason}`;
  }
}
