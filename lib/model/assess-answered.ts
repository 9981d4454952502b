import type { ConfigPatch } from '../domain/conversion-spec';
import type { AnsweredQuestion, Answers, OpenQuestion, RefusedAnswer, UndeterminedField } from '../domain/model-check';
import type { Assessment } from './assess-config';
import { judgeAnswers } from './judge-answers';

/** An answer may open further questions (a class its own fields), and these are answered in the same go. */
const MAX_ROUNDS = 4;

export interface AssessedAnswers {
  /** Without any answer. */
  readonly before: Assessment;
  /** With those that were accepted: what is wrong and open beside them. */
  readonly after: Assessment;
  readonly answers: readonly AnsweredQuestion[];
  readonly refused: readonly RefusedAnswer[];
}

/**
 * Assesses a config.json together with a person's answers. What shapes prove stays proven: an answer that contradicts it
 * is refused and left out, and one to a question that no longer exists is passed over. Where only another config.json says otherwise, the person's word counts.
 * @param assess with some fields of config.json set.
 * @param ask puts an undetermined field as a question.
 */
export function assessAnswered(
  assess: (patch: ConfigPatch) => Assessment,
  ask: (undetermined: UndeterminedField, assessment: Assessment) => OpenQuestion,
  answers: Answers,
): AssessedAnswers {
  const before = assess({});
  let after = before;
  let left = Object.entries(answers);
  const answered = new Map<string, AnsweredQuestion>();
  const refused: RefusedAnswer[] = [];
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const questions = after.undetermined.map((field) => ask(field, after));
    const asked = left.filter(([field]) => questions.some((one) => one.field === field));
    if (asked.length === 0) break;
    const judged = judgeAnswers(questions, Object.fromEntries(asked));
    refused.push(...judged.refused);
    for (const question of questions) {
      const value = judged.accepted[question.field];
      if (value !== undefined) answered.set(question.field, { ...question, value });
    }
    left = left.filter((entry) => !asked.includes(entry));
    const given = valuesOf(answered);
    const assessed = assess(given);
    // One of several that hang together stays open until all are known; its candidates are in the order of the others'.
    for (const field of assessed.undetermined) {
      const value = given[field.field];
      if (value !== undefined) answered.set(field.field, { ...ask(field, assessed), value });
    }
    after = withoutAnswered(assessed, given);
  }
  const proven = after.contradictions.filter(({ field }) => answered.has(field));
  if (proven.length > 0) return withoutProven({ assess, ask, answers, proven });
  return { before, after, answers: [...answered.values()], refused };
}

interface ProvenOtherwise {
  readonly assess: (patch: ConfigPatch) => Assessment;
  readonly ask: (undetermined: UndeterminedField, assessment: Assessment) => OpenQuestion;
  readonly answers: Answers;
  readonly proven: Assessment['contradictions'];
}

/** The other answers alone: these the weights refute. */
function withoutProven({ assess, ask, answers, proven }: ProvenOtherwise): AssessedAnswers {
  const fields = new Set(proven.map(({ field }) => field));
  const others = Object.fromEntries(Object.entries(answers).filter(([field]) => !fields.has(field)));
  const refused = proven.map(({ field, actual, tensor, shape }): RefusedAnswer => {
    const value = answers[field] ?? null;
    const message = `${String(value)} does not fit: ${tensor} [${shape.join(', ')}] proves ${String(actual)}.`;
    return { field, value, message };
  });
  const rest = assessAnswered(assess, ask, others);
  return { ...rest, refused: [...refused, ...rest.refused] };
}

function valuesOf(answered: ReadonlyMap<string, AnsweredQuestion>): Answers {
  return Object.fromEntries([...answered.values()].map(({ field, value }) => [field, value]));
}

/** An assessment without what a person has answered: open questions about it, and doubts that other config.json files cast. */
export function withoutAnswered(assessment: Assessment, answers: Answers): Assessment {
  const isAnswered = (field: string | undefined) => field !== undefined && Object.hasOwn(answers, field);
  const proven = new Set(assessment.contradictions.map(({ field }) => field));
  return {
    ...assessment,
    patch: Object.fromEntries(
      Object.entries(assessment.patch).filter(([field]) => !isAnswered(field) || proven.has(field)),
    ),
    undetermined: assessment.undetermined.filter(({ field }) => !isAnswered(field)),
    findings: assessment.findings.filter(({ field }) => !isAnswered(field) || proven.has(field ?? '')),
  };
}
