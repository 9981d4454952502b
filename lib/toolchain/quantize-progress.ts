import { LineTail } from '../domain/line-tail';
import type { Progress, ProgressParser } from '../domain/progress';
import { SteadyRate } from './steady-rate';

const MIB = 1024 * 1024;
// A line is printed in three pieces, and notes about a missing imatrix come between them: only `[i/n] name` and, on
// the same line or a later one, `size = x MiB` can be relied on.
const TENSOR = /^\[ *(\d+)\/ *(\d+)\] +(\S+) +- \[/;
const SIZE = /\bsize = +([\d.]+) (?:MiB|MB)(?: ->|$)/;
// The first is on stderr and the second on stdout; which of them is seen depends on how the tool was run.
const DONE = /^llama_model_quantize_impl: quant size +=|^llama_quantize: quantize time = /;

export interface QuantizeExpectation {
  /** Size of the GGUF that is read. Tensors differ a thousandfold: bytes tell the truth and i/n does not. */
  readonly inputBytes?: number;
}

/** Reads llama-quantize's output. Weighed by input bytes when the input's size is known, else by tensors. */
export function createQuantizeProgress(expected: QuantizeExpectation = {}): ProgressParser {
  return new QuantizeProgress(expected.inputBytes ?? null);
}

class QuantizeProgress implements ProgressParser {
  private readonly lines = new LineTail();
  private readonly rate = new SteadyRate();
  private readonly inputBytes: number | null;
  private doneBytes = 0;
  private fraction = 0;
  private index = 0;
  private count = 0;
  private name: string | null = null;
  private isFinished = false;

  constructor(inputBytes: number | null) {
    this.inputBytes = inputBytes;
  }

  push(text: string, atMs: number): Progress | null {
    let changed = false;
    for (const line of this.lines.push(text)) changed = this.read(line, atMs) || changed;
    // The tensor at work is named before its line ends, minutes before for the largest.
    changed = this.readTensor(this.lines.pending) || changed;
    return changed ? this.current() : null;
  }

  private read(line: string, atMs: number): boolean {
    let changed = this.readTensor(line);
    const size = SIZE.exec(line);
    if (size !== null && this.index > 0) {
      this.doneBytes += Number(size[1]) * MIB;
      this.rate.add(atMs, this.doneBytes);
      this.advance(this.inputBytes === null ? this.index / this.count : this.doneBytes / this.inputBytes);
      changed = true;
    }
    if (DONE.test(line)) {
      this.isFinished = true;
      this.fraction = 1;
      changed = true;
    }
    return changed;
  }

  private readTensor(line: string): boolean {
    const tensor = TENSOR.exec(line);
    if (tensor === null || Number(tensor[1]) === this.index) return false;
    this.index = Number(tensor[1]);
    this.count = Number(tensor[2]);
    this.name = tensor[3] ?? null;
    if (this.inputBytes === null) this.advance((this.index - 1) / this.count);
    return true;
  }

  /** Sizes are rounded to 0.01 MiB, so the sum can pass the file's size: 1 is kept for the tool's own last line. */
  private advance(fraction: number): void {
    this.fraction = Math.max(this.fraction, Math.min(0.999, fraction));
  }

  private current(): Progress {
    const totalBytes = this.inputBytes;
    return {
      phase: 'quantizing tensors',
      fraction: this.fraction,
      done: this.isFinished ? this.count : Math.max(0, this.index - 1),
      total: this.count,
      unit: 'tensors',
      speedBytesPerSecond: this.rate.perSecond(),
      etaMs: this.isFinished ? 0 : totalBytes === null ? null : this.rate.etaMs(totalBytes),
      detail: this.isFinished ? null : this.name,
    };
  }
}
