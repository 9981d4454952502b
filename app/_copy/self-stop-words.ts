import { type SelfStop, selfStopProblem } from '../../lib/domain/self-stop';

const PROMISE =
  'The machine stops itself after half an hour in which it hears nothing of it and no command runs, and once its time or money is over whatever runs.';

/** What a rented machine does when the dashboard is gone. Null stands for a machine that did not say yet. */
export function selfStopWords(selfStop: SelfStop | null): string {
  if (selfStop === null) return `${PROMISE} Whether it can is asked when it answers.`;
  return selfStopProblem(selfStop) ?? `${PROMISE} It said that it is ready to.`;
}
