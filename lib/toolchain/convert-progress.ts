import { LineTail } from '../domain/line-tail';
import type { Progress, ProgressParser } from '../domain/progress';
import { SteadyRate } from './steady-rate';

/** Where the phases begin: loading and planning take seconds, writing takes the rest. */
const PLAN_FROM = 0.02;
const WRITE_FROM = 0.08;

const PLANNED_TENSOR = /^INFO:hf-to-gguf:([\w.-]+), +torch\.\w+ --> \w+, shape = /;
const OUTPUT_FILE = /^INFO:gguf\.gguf_writer:(.+): n_tensors = (\d+), total_size = ([\d.]+)([KMGTP]?)/;
// `Shard (1/3): 10%|…` is a second bar with the same shape; only the whole file's bar counts.
const BAR = /^Writing: +\d+%\|.*\| *([\d.]+)([kKMGTP]?)\/([\d.]+)([kKMGTP]?) \[/;
const POWERS = ['', 'K', 'M', 'G', 'T', 'P'];

export interface ConvertExpectation {
  /** Tensors in the checkpoint, when known from its headers: then planning has a fraction too. */
  readonly tensorCount?: number;
}

/**
 * Reads convert_hf_to_gguf.py's stderr: loading, one line for each planned tensor, then a tqdm bar in bytes whose
 * states are separated by carriage returns. Byte counts are rounded by tqdm to three digits (1000-based).
 */
export function createConvertProgress(expected: ConvertExpectation = {}): ProgressParser {
  return new ConvertProgress(expected);
}

class ConvertProgress implements ProgressParser {
  private readonly lines = new LineTail();
  private readonly rate = new SteadyRate();
  private readonly tensorCount: number | null;
  private planned = 0;
  private outputBytes = 0;
  private latest: Progress | null = null;

  constructor(expected: ConvertExpectation) {
    this.tensorCount = expected.tensorCount ?? null;
  }

  push(text: string, atMs: number): Progress | null {
    let changed = false;
    for (const line of this.lines.push(text))
      changed = this.keep(this.readBar(line, atMs) ?? this.readLine(line)) || changed;
    // The newest state of a bar has no line end yet.
    changed = this.keep(this.readBar(this.lines.pending, atMs)) || changed;
    return changed ? this.latest : null;
  }

  private readBar(line: string, atMs: number): Progress | null {
    const bar = BAR.exec(line);
    return bar === null ? null : this.writing(toBytes(bar[1], bar[2]), toBytes(bar[3], bar[4]), atMs);
  }

  private readLine(line: string): Progress | null {
    const planned = PLANNED_TENSOR.exec(line);
    if (planned !== null) return this.planning(planned[1] ?? null);
    if (line.startsWith('INFO:hf-to-gguf:Loading model: ')) return progress('loading the model', 0, null);
    const file = OUTPUT_FILE.exec(line);
    if (file !== null) {
      this.outputBytes += toBytes(file[3], file[4]);
      return {
        ...progress('writing the file', WRITE_FROM, file[1] ?? null),
        done: 0,
        total: this.outputBytes,
        unit: 'bytes',
      };
    }
    if (line.startsWith('INFO:hf-to-gguf:Model successfully exported to ')) return this.finished();
    return null;
  }

  private planning(tensor: string | null): Progress {
    this.planned += 1;
    const share =
      this.tensorCount === null || this.tensorCount === 0 ? 0 : Math.min(1, this.planned / this.tensorCount);
    const fraction = PLAN_FROM + (WRITE_FROM - PLAN_FROM) * share;
    return {
      ...progress('planning tensors', fraction, tensor),
      done: this.planned,
      total: this.tensorCount,
      unit: 'tensors',
    };
  }

  private writing(doneBytes: number, totalBytes: number, atMs: number): Progress {
    if (doneBytes !== this.latest?.done) this.rate.add(atMs, doneBytes);
    const fraction =
      totalBytes === 0 ? WRITE_FROM : WRITE_FROM + (1 - WRITE_FROM) * Math.min(1, doneBytes / totalBytes);
    return {
      ...progress('writing the file', fraction, null),
      done: doneBytes,
      total: totalBytes,
      unit: 'bytes',
      speedBytesPerSecond: this.rate.perSecond(),
      etaMs: this.rate.etaMs(totalBytes),
    };
  }

  private finished(): Progress {
    const bytes = this.latest?.unit === 'bytes' ? this.latest.total : null;
    return { ...progress('writing the file', 1, null), done: bytes, total: bytes, unit: 'bytes', etaMs: 0 };
  }

  /** Keeps a reading unless it says nothing new. The fraction never goes back. */
  private keep(reading: Progress | null): boolean {
    if (reading === null) return false;
    const fraction = Math.max(reading.fraction ?? 0, this.latest?.fraction ?? 0);
    const detail = reading.detail ?? (reading.phase === this.latest?.phase ? this.latest.detail : null);
    const before = this.latest;
    this.latest = { ...reading, fraction, detail };
    if (before === null || before.phase !== reading.phase || before.fraction !== fraction) return true;
    return before.done !== reading.done || before.total !== reading.total;
  }
}

function progress(phase: string, fraction: number, detail: string | null): Progress {
  return { phase, fraction, done: null, total: null, unit: null, speedBytesPerSecond: null, etaMs: null, detail };
}

function toBytes(digits: string | undefined, suffix: string | undefined): number {
  return Math.round(Number(digits) * 1000 ** POWERS.indexOf((suffix ?? '').toUpperCase()));
}
