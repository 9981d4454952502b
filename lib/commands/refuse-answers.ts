import { FailureError } from '../domain/failure';
import type { Answers, OpenQuestion } from '../domain/model-check';
import { judgeAnswers } from '../model/judge-answers';

/** Throws `answer-contradicts-tensors`, one line of evidence for each answer, when one of them cannot be true. */
export function refuseWrongAnswers(questions: readonly OpenQuestion[], answers: Answers): void {
  const { refused } = judgeAnswers(questions, answers);
  if (refused.length === 0) return;
  const lines = refused.map(({ field, message }) => `${field}: ${message}`);
  throw new FailureError('answer-contradicts-tensors', lines.join(' '), {
    remedy: 'Choose one of the values that fit, or take config.json from the base model.',
    evidence: lines,
  });
}
