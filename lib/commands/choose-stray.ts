import * as z from 'zod';
import { FailureError } from '../domain/failure';
import { appendToOutbox } from '../store/outbox';
import { wake } from '../store/runtime';
import { writeTransaction } from '../store/write-transaction';
import { parseInput } from './parse-input';

export const strayChoiceSchema = z.object({
  /** `none` takes a choice back, as long as nobody has acted on it. */
  choice: z.enum(['none', 'destroy', 'ignore']),
});

/**
 * Says what becomes of an instance that carries our label and that no rental knows: whoever keeps the rentals destroys it,
 * or it is left alone. Throws `not-found`, `invalid-input`.
 */
export async function chooseStray(serviceId: string, input: z.input<typeof strayChoiceSchema>): Promise<void> {
  const { choice } = parseInput(strayChoiceSchema, input);
  const chosen = { choice, chosenAt: choice === 'none' ? null : new Date() };
  await writeTransaction(async (transaction) => {
    const changed = await transaction.strayInstance.updateMany({ where: { serviceId }, data: chosen });
    if (changed.count === 0) {
      throw new FailureError('not-found', 'There is no such instance any more.', {
        remedy: 'It may have been destroyed meanwhile. Load the page again.',
      });
    }
    await appendToOutbox(transaction, 'rental', serviceId);
  });
  wake();
}
