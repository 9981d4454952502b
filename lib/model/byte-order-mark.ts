import type { FailureCode } from '../domain/failure';
import type { FileRepair } from '../domain/file-repair';
import type { Finding } from '../domain/finding';

/** A JSON file that begins with a byte order mark: `Unexpected UTF-8 BOM (decode using utf-8-sig)`, or the same of Rust's reader. */
export function byteOrderMark(file: string, code: FailureCode): { finding: Finding; repair: FileRepair } {
  return {
    finding: {
      code,
      severity: 'blocks',
      message: `${file} begins with a byte order mark, three invisible bytes that some editors put before a text. The converter's JSON reader refuses it.`,
      remedy: `Accept the repair: it writes ${file} without those bytes and changes nothing else.`,
      evidence: ['first bytes: ef bb bf'],
    },
    repair: { kind: 'remove-byte-order-mark', file },
  };
}
