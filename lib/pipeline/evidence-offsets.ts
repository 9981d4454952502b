/**
 * Where lines of evidence begin in a log, so that a page can show each among its neighbours; null for one that is not in
 * the tail. Counted from the end, where no byte that is not UTF-8 has to be guessed.
 * @param tail the end of the log as text, in which each line is looked for from behind.
 * @param endOffset the log's length, bytes.
 */
export function evidenceOffsets(evidence: readonly string[], tail: string, endOffset: number): (number | null)[] {
  return evidence.map((line) => {
    const at = line === '' ? -1 : tail.lastIndexOf(line);
    if (at < 0) return null;
    const lineStart = tail.lastIndexOf('\n', at) + 1;
    return Math.max(0, endOffset - Buffer.byteLength(tail.slice(lineStart)));
  });
}
