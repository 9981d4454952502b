/** The most of an unfinished line that is kept. A tool that never ends its line must not fill our memory. */
export const MAX_PENDING_CHARACTERS = 65_536;

/**
 * Cuts arriving text into lines, at `\n` and at the `\r` of progress bars. Keeps at most 64 Ki characters of an
 * unfinished line, its end: that is where a bar's newest state is.
 */
export class LineTail {
  private pendingText = '';

  /** The complete lines that `text` brought, without their line ends and without empty ones. */
  push(text: string): string[] {
    const known = this.pendingText + text;
    const end = Math.max(known.lastIndexOf('\n'), known.lastIndexOf('\r')) + 1;
    this.pendingText = known.slice(end).slice(-MAX_PENDING_CHARACTERS);
    const pieces = known.slice(0, end).split(/[\r\n]+/);
    return pieces.filter((piece) => piece !== '').map((piece) => piece.slice(-MAX_PENDING_CHARACTERS));
  }

  /** The line that has not ended yet. */
  get pending(): string {
    return this.pendingText;
  }
}
