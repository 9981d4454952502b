import type { ModelCheckView } from '../../../lib/domain/model-check';
import { findModelCheck } from '../../../lib/store/model-check-views';
import { lookUntil } from './look-until';

/** The check once it has ended, or as it stands when the patience of a request is over. */
export function endedCheck(checkId: string, signal: AbortSignal): Promise<ModelCheckView | null> {
  return lookUntil(
    signal,
    () => findModelCheck(checkId),
    (check) => check === null || check.finishedAt !== null,
  );
}
