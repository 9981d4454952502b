import { listStrays } from '../../../../lib/store/rental-views';
import { answer, route } from '../../_http/api-route';

/** Instances that carry our label and belong to no rental: somebody pays for them. */
export const GET = route('read', async () => answer({ strays: await listStrays() }));
