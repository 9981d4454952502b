'use client';
import { useRouter } from 'next/navigation';
import type { AnsweredQuestion, OpenQuestion } from '../../lib/domain/model-check';
import { answerModelCheckAction } from '../_actions/check-actions';
import { unplacedFailure } from '../_actions/unplaced-failure';
import { FailureNotice } from '../_copy/failure-notice';
import { useFormAction } from '../_forms/use-form-action';
import { answerName } from '../_questions/answer-names';
import { QuestionFields } from '../_questions/question-fields';
import { Button } from '../_ui/button';
import { SubmitButton } from '../_ui/submit-button';
import { Folded } from './folded';

interface AnswerFormProps {
  readonly checkId: string;
  readonly questions: readonly OpenQuestion[];
  /** Those answered before, which stay. */
  readonly answers: readonly AnsweredQuestion[];
}

/**
 * Open questions to be answered; the checkpoint is looked at again with the answers. Those that nobody has to answer are
 * folded away: most models have one, and what config.json says is mostly right.
 */
export function AnswerForm({ checkId, questions, answers }: AnswerFormProps) {
  const router = useRouter();
  const form = useFormAction(answerModelCheckAction, () => router.refresh());
  const { errors } = form;
  const needed = questions.filter(({ isRequired }) => isRequired);
  const optional = questions.filter(({ isRequired }) => !isRequired);
  const failure = unplacedFailure(form.result, ['form', ...questions.map(({ field }) => answerName(field))]);
  const send = (
    <div className="space-y-3 border-t px-4 py-3 sm:px-5">
      {failure ? <FailureNotice failure={failure} /> : null}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <SubmitButton look="secondary" isPending={form.isPending} pendingText="Looking again…">
          Use my answers
        </SubmitButton>
        <p className="text-ink-muted text-xs">They become part of the repair, marked as yours.</p>
      </div>
      {errors['form'] ? (
        <p role="alert" className="text-bad text-xs">
          {errors['form']}
        </p>
      ) : null}
    </div>
  );
  return (
    <form onSubmit={form.onSubmit} noValidate aria-label="Open questions">
      <input type="hidden" name="checkId" value={checkId} />
      <input type="hidden" name="given" value={givenAnswers(answers)} />
      <input type="hidden" name="mustAnswer" value="yes" />
      {needed.length > 0 ? <QuestionFields questions={needed} errors={errors} /> : null}
      {optional.length > 0 ? (
        <Folded
          title={`${optional.length} thing${optional.length === 1 ? '' : 's'} that nothing proves`}
          words="What config.json says is used unless you know better."
          isOpen={hasError(optional, errors)}
          className={needed.length > 0 ? 'border-t' : undefined}
        >
          <QuestionFields questions={optional} errors={errors} />
          {needed.length === 0 ? send : null}
        </Folded>
      ) : null}
      {needed.length > 0 ? send : null}
    </form>
  );
}

function hasError(questions: readonly OpenQuestion[], errors: Readonly<Record<string, string>>): boolean {
  return questions.some(({ field }) => answerName(field) in errors);
}

interface TakeBackProps {
  readonly checkId: string;
  readonly field: string;
  readonly answers: readonly AnsweredQuestion[];
}

/** Takes one answer back, so that the question is open again. */
export function TakeBackButton({ checkId, field, answers }: TakeBackProps) {
  const router = useRouter();
  const form = useFormAction(answerModelCheckAction, () => router.refresh());
  const others = answers.filter((answer) => answer.field !== field);
  return (
    <>
      <Button
        size="small"
        disabled={form.isPending}
        aria-label={`Take back the answer about ${field}`}
        onClick={() => form.run({ checkId, given: givenAnswers(others) })}
      >
        Take back
      </Button>
      {form.failure ? (
        <span role="alert" className="text-bad text-xs">
          {form.failure.message}
        </span>
      ) : null}
    </>
  );
}

function givenAnswers(answers: readonly AnsweredQuestion[]): string {
  return JSON.stringify(Object.fromEntries(answers.map(({ field, value }) => [field, value])));
}
