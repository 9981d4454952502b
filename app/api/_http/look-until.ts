import { setTimeout as sleep } from 'node:timers/promises';

const WAIT_MS = 25_000;
const LOOK_EVERY_MS = 100;

/** Looks until there is what was waited for. Gives what is there then, or as it stands when the patience of a request is over. */
export async function lookUntil<Seen>(
  signal: AbortSignal,
  look: () => Promise<Seen>,
  isOver: (seen: Seen) => boolean,
): Promise<Seen> {
  const deadlineMs = performance.now() + WAIT_MS;
  for (;;) {
    const seen = await look();
    if (isOver(seen) || signal.aborted || performance.now() > deadlineMs) return seen;
    await sleep(LOOK_EVERY_MS);
  }
}
