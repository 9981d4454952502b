import { type CheckSource, checkSourceText } from '../../lib/domain/model-check';

/** The form of a new job, filled from a check; with its repair when the person approved it. */
export function newJobAddress(checkId: string, repair: 'approved' | 'none' = 'none'): string {
  return `/jobs/new?check=${encodeURIComponent(checkId)}${repair === 'approved' ? '&repair=approved' : ''}`;
}

/** The form of a new check, filled with a source. */
export function newCheckAddress(source: CheckSource): string {
  const query = new URLSearchParams({ source: checkSourceText(source) });
  if (source.kind === 'folder' && source.instanceId !== null) query.set('instance', source.instanceId);
  return `/checks?${query}`;
}

/** The one button: the market for a checked model, with the best offer put before the person at once. */
export function rentAddress(checkId: string): string {
  return `${offersAddress(checkId)}?rent=best`;
}

/** The market for a checked model. */
export function offersAddress(checkId: string): string {
  return `/checks/${encodeURIComponent(checkId)}/offers`;
}
