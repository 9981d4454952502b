import { extendRental, rentalExtensionSchema } from '../../../../../../lib/commands/extend-rental';
import { findRental } from '../../../../../../lib/store/rental-views';
import { answer, found, route } from '../../../../_http/api-route';
import { readBody } from '../../../../_http/read-input';

/** Allows a rental more money or time, and on wish has its machine started again. */
export const POST = route<{ rentalId: string }>('write', async ({ request, params }) => {
  await extendRental(params.rentalId, await readBody(request, rentalExtensionSchema));
  return answer(found(await findRental(params.rentalId), 'rental'), { status: 202 });
});
