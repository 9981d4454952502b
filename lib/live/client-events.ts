import * as z from 'zod';

const id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
/** Up to 2^53: a log of petabytes. Negative means "the last so many bytes". */
const offset = z.number().int().safe();

/** What clients may send, by event. An event that is not here does not exist. */
export const CLIENT_EVENT_SCHEMAS = {
  'job:watch': z.object({ jobId: id, afterSequence: z.number().int().safe() }),
  'job:unwatch': z.object({ jobId: id }),
  'jobs:watch': z.object({}),
  'instances:watch': z.object({}),
  'rentals:watch': z.object({}),
  'log:watch': z.object({ jobId: id, stepId: id, offset }),
  'log:unwatch': z.object({ stepId: id }),
} as const;

export type ClientEventName = keyof typeof CLIENT_EVENT_SCHEMAS;
export type ClientRequest<E extends ClientEventName> = z.infer<(typeof CLIENT_EVENT_SCHEMAS)[E]>;
