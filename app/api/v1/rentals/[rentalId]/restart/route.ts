import { restartRental } from '../../../../../../lib/commands/restart-rental';
import { findRental } from '../../../../../../lib/store/rental-views';
import { answer, found, route } from '../../../../_http/api-route';

/** Has a rented machine restarted; its story tells when it is. */
export const POST = route<{ rentalId: string }>('write', async ({ params }) => {
  await restartRental(params.rentalId);
  return answer(found(await findRental(params.rentalId), 'rental'), { status: 202 });
});
