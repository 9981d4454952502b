/**
 * Checkpoints that the check does not yet judge as it must, all of the held-out corpus: when it was first run, blind, it was
 * judged right in 228 of 264. A test fails when another joins these, and when one of them is mended and still listed. The
 * goal is an empty list.
 */
export const GAPS: ReadonlySet<string> = new Set<string>([]);
