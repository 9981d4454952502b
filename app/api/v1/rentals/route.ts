import { listRentals } from '../../../../lib/store/rental-views';
import { answer, route } from '../../_http/api-route';

export const GET = route('read', async () => answer({ rentals: await listRentals() }));
