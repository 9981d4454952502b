import type { Answers, AnswerValue, OpenQuestion, RefusedAnswer } from '../domain/model-check';
import { bareKey } from './config-evidence';
import { HEAD_KEYS, KEY_VALUE_KEYS } from './config-reader';

const HEAD_GROUP: ReadonlySet<string> = new Set([...HEAD_KEYS, ...KEY_VALUE_KEYS, 'head_dim']);

export interface JudgedAnswers {
  readonly accepted: Answers;
  readonly refused: readonly RefusedAnswer[];
}

/** Whether a question is one of those whose answers hang together: heads, key/value heads and the size of a head. */
export function isAboutHeads({ field }: Pick<OpenQuestion, 'field'>): boolean {
  return HEAD_GROUP.has(bareKey(field));
}

/**
 * Holds answers against what their questions know of the weights: one that no shape allows is refused, as are two that
 * cannot both be true. An answer to what nobody asked is refused too: something else has settled it.
 */
export function judgeAnswers(questions: readonly OpenQuestion[], answers: Answers): JudgedAnswers {
  const refused = new Map<string, RefusedAnswer>();
  const refuse = (field: string, value: AnswerValue, message: string) => refused.set(field, { field, value, message });
  for (const [field, value] of Object.entries(answers)) {
    const question = questions.find((one) => one.field === field);
    const problem = question ? problemOf(question, value) : NOT_ASKED;
    if (problem !== null) refuse(field, value, problem);
  }
  const heads = questions.filter((question) => isAboutHeads(question) && Object.hasOwn(answers, question.field));
  if (heads.every(({ field }) => !refused.has(field))) {
    const problem = disagreement(heads, answers);
    if (problem !== null) for (const { field } of heads) refuse(field, answers[field] ?? null, problem);
  }
  const accepted = Object.fromEntries(Object.entries(answers).filter(([field]) => !refused.has(field)));
  return { accepted, refused: [...refused.values()] };
}

const NOT_ASKED = 'There is no open question about it: the weights or another config.json have settled it.';

function problemOf(question: OpenQuestion, value: AnswerValue): string | null {
  const { candidates, limits, reason } = question;
  if (candidates.includes(value)) return null;
  if (limits === null) {
    const possible = candidates.map(String).join(', ');
    return `${String(value)} does not fit. ${reason} Possible: ${possible}.`;
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'This has to be a number.';
  if (limits.isWhole && !Number.isInteger(value)) return `This has to be a whole number; ${value} is not.`;
  if (value >= limits.least && value <= limits.most) return null;
  return `${value} is out of range: from ${limits.least} to ${limits.most.toLocaleString('en-US', { maximumFractionDigits: 20 })}.`;
}

/** Candidates of these questions are the same hypotheses in the same order: answers agree where one of them says it all. */
function disagreement(heads: readonly OpenQuestion[], answers: Answers): string | null {
  const [first] = heads;
  if (!first || heads.length < 2 || heads.some((one) => one.candidates.length !== first.candidates.length)) return null;
  const agree = (at: number) => heads.every(({ field, candidates }) => candidates[at] === answers[field]);
  if (first.candidates.some((_, at) => agree(at))) return null;
  const said = heads.map(({ field }) => `${field} ${String(answers[field])}`).join(' and ');
  const at = first.candidates.indexOf(answers[first.field] ?? null);
  const instead = heads
    .slice(1)
    .map(({ field, candidates }) => `${field} ${String(candidates[at])}`)
    .join(' and ');
  return `${said} cannot both be true. ${first.reason} With ${first.field} ${String(answers[first.field])} it is ${instead}.`;
}
