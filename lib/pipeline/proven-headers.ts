import type { RemoteFile } from './host-port';
import type { SamplePrompt } from './verify-prompt';

/** What a sound GGUF's header said. */
export interface ProvenHeader {
  readonly architecture: string | null;
  readonly tensorCount: number | null;
  /** Null for encoders, which write no text. */
  readonly prompt: SamplePrompt | null;
}

/**
 * The headers that one run of a job has read and found sound. A header is megabytes of vocabulary, and a file is looked at
 * when it was made and again when it was verified: the same file, by the measure that its checksum is held to (path, size,
 * time of change), is read once. Kept by no one: another process reads again.
 */
export class ProvenHeaders {
  readonly #known = new Map<string, ProvenHeader & Pick<RemoteFile, 'sizeBytes' | 'modifiedAtMs'>>();

  /** Null when it was not read yet, or the file has changed since. */
  of(file: RemoteFile): ProvenHeader | null {
    const known = this.#known.get(file.path);
    return known?.sizeBytes === file.sizeBytes && known.modifiedAtMs === file.modifiedAtMs ? known : null;
  }

  keep(file: RemoteFile, header: ProvenHeader): void {
    const { sizeBytes, modifiedAtMs } = file;
    this.#known.set(file.path, { ...header, sizeBytes, modifiedAtMs });
  }
}
