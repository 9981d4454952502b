import { Transform, type TransformCallback } from 'node:stream';

/** Something that goes wrong on purpose. `match` looks at method and path, e.g. `GET /cdn/`; `times` counts down. */
export interface FakeHubFault {
  readonly kind: 'status' | 'silent' | 'hang-up' | 'cut' | 'flip' | 'slow' | 'no-ranges';
  readonly match?: RegExp;
  readonly times?: number;
  /** For `status`. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** For `cut`: bytes of the body that still get through. */
  readonly afterBytes?: number;
  /** For `flip`: which byte of the body is changed. */
  readonly atByte?: number;
  /** For `slow`. */
  readonly speedBytesPerSecond?: number;
}

/** Passes a body on with the fault in it; a `cut` calls `onCut` once the bytes let through are written. */
export function faultyBody(fault: FakeHubFault, onCut: () => void): Transform {
  let passed = 0;
  const transform = (chunk: Buffer, _encoding: BufferEncoding, callback: TransformCallback) => {
    const start = passed;
    passed += chunk.length;
    if (fault.kind === 'cut') {
      const left = Math.max(0, (fault.afterBytes ?? 0) - start);
      if (left < chunk.length) {
        callback(null, chunk.subarray(0, left));
        setTimeout(onCut, 20);
        return;
      }
      callback(null, chunk);
    } else if (fault.kind === 'flip') {
      const at = (fault.atByte ?? 0) - start;
      const copy = Buffer.from(chunk);
      if (at >= 0 && at < copy.length) copy[at] = (copy[at] ?? 0) ^ 0xff;
      callback(null, copy);
    } else {
      const delayMs = fault.kind === 'slow' ? (chunk.length / (fault.speedBytesPerSecond ?? 1)) * 1000 : 0;
      setTimeout(() => callback(null, chunk), delayMs);
    }
  };
  return new Transform({ transform });
}
