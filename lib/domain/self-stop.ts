/** Whether a rented machine stops itself when it hears nothing of us, as the machine itself said. */
export const SELF_STOPS = [
  'armed',
  /** It was given no key to ask for its own stop with. */
  'no-key',
  /** Nothing is there that a request could be sent with. */
  'no-way',
  /** What watches its lease does not run. */
  'not-watching',
] as const;
export type SelfStop = (typeof SELF_STOPS)[number];

const REASONS = {
  'no-key': 'the service gave it no key of its own',
  'no-way': 'it has neither curl nor Python to ask for that with',
  'not-watching': 'what its start script begins for that does not run',
} as const satisfies Record<Exclude<SelfStop, 'armed'>, string>;

/** What the touch of a lease answers; whatever is no such answer is no promise either. */
export function parseSelfStop(stdout: string): SelfStop {
  const told = /^self-stop: ([a-z-]{1,20})$/m.exec(stdout)?.[1];
  return SELF_STOPS.find((each) => each === told) ?? 'not-watching';
}

/** What a person has to know of a machine that does not stop itself; null for one that does, or did not say yet. */
export function selfStopProblem(selfStop: SelfStop | null): string | null {
  if (selfStop === null || selfStop === 'armed') return null;
  return `The machine cannot stop itself: ${REASONS[selfStop]}. If Quantdeck is gone, it is billed until you stop or destroy it on the page of the service.`;
}
