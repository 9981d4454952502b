/**
 * What the keeper knows of a rental and need not survive it: when it last asked for something, so that it asks again in
 * time. How long something has gone on is written down, since patience has to end though a dashboard restarts often.
 */
export interface RentalMemory {
  /** The newest list that was begun before what we did last: neither it nor an older one shows that. */
  actedAfterList: number;
  /** When the machine was last tried to be reached in its present phase. */
  knockedAtMs: number | null;
  askedAtMs: Record<'destroy' | 'start' | 'stop' | 'choose' | 'save', number | null>;
  failures: number;
  /** Logs of containers that were asked for, by try and occasion. */
  readonly logsAskedFor: Set<string>;
  /** Of attaching our key to an instance: settled when it is there, or never will be this way. */
  key: { readonly on: string; readonly askedAtMs: number; readonly isSettled: boolean } | null;
}

export function newMemory(): RentalMemory {
  return {
    actedAfterList: 0,
    knockedAtMs: null,
    askedAtMs: { destroy: null, start: null, stop: null, choose: null, save: null },
    failures: 0,
    logsAskedFor: new Set(),
    key: null,
  };
}
