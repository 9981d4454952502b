/**
 * The address of a line: its step and the byte at which it begins. Its number would be shorter, but is not known in the
 * middle of a very large log; the byte never changes.
 */
export function lineAddress(pathname: string, stepKey: string, offset: number): string {
  return `${pathname}?step=${encodeURIComponent(stepKey)}#log-${offset}`;
}

/** The byte that an address names, null when it names none or one of another step. */
export function offsetInAddress(address: { search: string; hash: string }, stepKey: string): number | null {
  const step = new URLSearchParams(address.search).get('step');
  const offset = /^#log-(\d{1,15})$/.exec(address.hash)?.[1];
  return offset === undefined || (step !== null && step !== stepKey) ? null : Number(offset);
}
