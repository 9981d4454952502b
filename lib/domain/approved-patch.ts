import type { ConfigPatch } from './conversion-spec';
import type { AnsweredQuestion, RepairProposal } from './model-check';

/**
 * What a job writes into config.json once the repair of a check is approved. What an answer only confirms is written too,
 * so that the job knows it as answered.
 */
export function approvedPatch({
  patch,
  answers,
}: {
  readonly patch: RepairProposal['patch'];
  readonly answers: readonly Pick<AnsweredQuestion, 'field' | 'value'>[];
}): ConfigPatch {
  return { ...patch, ...Object.fromEntries(answers.map(({ field, value }) => [field, value])) };
}
