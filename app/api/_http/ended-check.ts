import { setTimeout as sleep } from 'node:timers/promises';
import type { ModelCheckView } from '../../../lib/domain/model-check';
import { findModelCheck } from '../../../lib/store/model-check-views';

const WAIT_MS = 25_000;
const LOOK_EVERY_MS = 100;

/** The check once it has ended, or as it stands when the patience of a request is over. */
export async function endedCheck(checkId: string, signal: AbortSignal): Promise<ModelCheckView | null> {
  const deadlineMs = performance.now() + WAIT_MS;
  for (;;) {
    const check = await findModelCheck(checkId);
    const isOver = check === null || check.finishedAt !== null;
    if (isOver || signal.aborted || performance.now() > deadlineMs) return check;
    await sleep(LOOK_EVERY_MS);
  }
}
