import { FailureError } from '../domain/failure';
import { type Answers, answersSchema } from '../domain/model-check';
import { toRequiredJson } from '../store/json-column';
import { toModelCheckView } from '../store/model-check-views';
import { wake } from '../store/runtime';
import { writeTransaction } from '../store/write-transaction';
import { parseInput } from './parse-input';
import { refuseWrongAnswers } from './refuse-answers';

/**
 * Answers a check's open questions, all of them at once: what is absent is taken back. The checkpoint is looked at again
 * with the answers, which become part of its repair. Throws `not-found`, `conflict` while it is being looked at or when
 * there is nothing to answer, `answer-contradicts-tensors`, `invalid-input`.
 */
export async function answerModelCheck(checkId: string, input: Answers): Promise<void> {
  const answers = parseInput(answersSchema, input);
  await writeTransaction(async (transaction) => {
    const row = await transaction.modelCheck.findUnique({ where: { id: checkId } });
    if (!row) throw new FailureError('not-found', 'There is no such check.', { remedy: 'Check the model again.' });
    const { report, finishedAt } = toModelCheckView(row);
    if (finishedAt === null) {
      throw new FailureError('conflict', 'The checkpoint is still being looked at.', {
        remedy: 'Wait for the check to end, then answer.',
        isTransient: true,
      });
    }
    if (!report) {
      throw new FailureError('conflict', 'The checkpoint could not be read, so there is no question to answer.', {
        remedy: 'Check the model again.',
      });
    }
    refuseWrongAnswers([...report.repair.undetermined, ...report.repair.answers], answers);
    const data = { answers: toRequiredJson(answers), status: 'queued', finishedAt: null };
    await transaction.modelCheck.update({ where: { id: checkId }, data });
  });
  wake();
}
