import type * as z from 'zod';
import { modelCheckRequestSchema } from '../domain/model-check';
import { createId } from '../store/create-id';
import { toRequiredJson } from '../store/json-column';
import { wake } from '../store/runtime';
import { writeTransaction } from '../store/write-transaction';
import { parseInput } from './parse-input';
import { requireInstance } from './require-row';

/** Asks the worker to look at a checkpoint. Throws `invalid-input`, or `not-found` when there is no such instance. */
export async function createModelCheck(input: z.input<typeof modelCheckRequestSchema>): Promise<{ checkId: string }> {
  const { source } = parseInput(modelCheckRequestSchema, input);
  const checkId = createId();
  await writeTransaction(async (transaction) => {
    if (source.kind === 'folder' && source.instanceId !== null) await requireInstance(transaction, source.instanceId);
    await transaction.modelCheck.create({ data: { id: checkId, source: toRequiredJson(source) } });
  });
  wake();
  return { checkId };
}
