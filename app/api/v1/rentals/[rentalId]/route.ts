import { findRental } from '../../../../../lib/store/rental-views';
import { answer, found, route } from '../../../_http/api-route';

export const GET = route<{ rentalId: string }>('read', async ({ params }) =>
  answer(found(await findRental(params.rentalId), 'rental')),
);
