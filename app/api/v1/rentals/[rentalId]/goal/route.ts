import { changeRentalGoal, rentalGoalSchema } from '../../../../../../lib/commands/change-rental-goal';
import { findRental } from '../../../../../../lib/store/rental-views';
import { answer, found, route } from '../../../../_http/api-route';
import { readBody } from '../../../../_http/read-input';

/** Says what is wanted of a rented machine; that it is so is seen by asking for the rental again. */
export const POST = route<{ rentalId: string }>('write', async ({ request, params }) => {
  await changeRentalGoal(params.rentalId, await readBody(request, rentalGoalSchema));
  return answer(found(await findRental(params.rentalId), 'rental'), { status: 202 });
});
