import { rentalBudgetSchema, saveRentalBudget } from '../../../../lib/commands/save-rental-budget';
import { findRentalMonth } from '../../../../lib/store/rental-month-views';
import { answer, route } from '../../_http/api-route';
import { readBody } from '../../_http/read-input';

/** This month's money for rented machines. */
export const GET = route('read', async () => answer(await findRentalMonth()));

export const PATCH = route('write', async ({ request }) => {
  await saveRentalBudget(await readBody(request, rentalBudgetSchema));
  return answer(await findRentalMonth());
});
