import { expect } from 'vitest';
import { createModelCheck } from '../../lib/commands/create-model-check';
import { rentForCheck } from '../../lib/commands/rent-for-check';
import { nanoUsdOf } from '../../lib/domain/money';
import { findModelCheck } from '../../lib/store/model-check-views';
import { tinyCheckpoint } from './dashboard-checkpoint';

const TERMS = { mostNanoUsdPerHour: nanoUsdOf(3), mostNanoUsd: nanoUsdOf(20), mostMs: 86_400_000 };

/** What a person does who has a key and a model: check it, press the button. */
export async function rentForTinyModel(): Promise<{ jobId: string; rentalId: string }> {
  const source = { kind: 'folder', instanceId: null, path: await tinyCheckpoint() } as const;
  const { checkId } = await createModelCheck({ source });
  await expect.poll(async () => (await findModelCheck(checkId))?.status, { timeout: 60_000 }).toBe('succeeded');
  return rentForCheck({ checkId, outputs: ['F16', 'Q4_K_M'], rental: TERMS });
}
