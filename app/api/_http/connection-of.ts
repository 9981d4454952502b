import { findInstance } from '../../../lib/store/instance-views';
import { found } from './api-route';

/** What is known of an instance's connection, as the API tells it. Throws `not-found`. */
export async function connectionOf(instanceId: string) {
  const { checkState, checkedAt, connection } = found(await findInstance(instanceId), 'instance');
  return { checkState, checkedAt, report: connection };
}
