import { findRental, listRentalEvents } from '../../../../../../lib/store/rental-views';
import { answer, found, route } from '../../../../_http/api-route';

/** The story of a rental, oldest line first. */
export const GET = route<{ rentalId: string }>('read', async ({ params }) => {
  const { id } = found(await findRental(params.rentalId), 'rental');
  return answer({ events: await listRentalEvents(id) });
});
