import type { Failure } from '../../lib/domain/failure';
import type { ActionResult } from './action-result';

/** The failure to show as a whole: null when there is none, or when each part of it is shown beside its field. */
export function unplacedFailure(result: ActionResult<unknown> | null, shownFields: readonly string[]): Failure | null {
  if (!result || result.ok) return null;
  const fields = Object.keys(result.fields);
  return fields.length > 0 && fields.every((field) => shownFields.includes(field)) ? null : result.failure;
}
