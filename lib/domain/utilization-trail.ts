import type { RentedInstance } from './rented-instance';

/** How busy a rented machine was at one look, in percent; null is a gap, not a zero. */
export interface UtilizationLook {
  /** ISO time. */
  readonly at: string;
  readonly gpuPercent: number | null;
  readonly cpuPercent: number | null;
}

/** Looks closer together than this show nothing that a small curve could. */
const LEAST_APART_MS = 20_000;
/** An hour and a half of a machine that is looked at twice a minute. */
const MOST_LOOKS = 180;

/** The trail with one more look at its end; the same trail when the last one is young, and without its oldest when it is long. */
export function addLook(
  trail: readonly UtilizationLook[],
  { gauges }: Pick<RentedInstance, 'gauges'>,
  nowMs: number,
): readonly UtilizationLook[] {
  const last = trail.at(-1);
  if (last !== undefined && nowMs - Date.parse(last.at) < LEAST_APART_MS) return trail;
  const { gpuUtilizationPercent: gpuPercent, cpuUtilizationPercent: cpuPercent } = gauges;
  return [...trail, { at: new Date(nowMs).toISOString(), gpuPercent, cpuPercent }].slice(-MOST_LOOKS);
}
