/**
 * Whether something is measured on a job's host now. What belongs to no lane (copies that take as long as the line needs)
 * rests meanwhile, so that the number is the file's and not that of the copy beside it.
 */
export class QuietTime {
  readonly #listeners = new Set<() => void>();
  #isOn = false;

  get isOn(): boolean {
    return this.#isOn;
  }

  set(isOn: boolean): void {
    if (isOn === this.#isOn) return;
    this.#isOn = isOn;
    for (const listener of [...this.#listeners]) listener();
  }

  /** Tells of each change until the answer is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Null when nothing is measured; else resolves once that is over. */
  over(): Promise<void> | null {
    if (!this.#isOn) return null;
    return new Promise((resolve) => {
      const forget = this.onChange(() => {
        forget();
        resolve();
      });
    });
  }
}
