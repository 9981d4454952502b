import CircleAlert from 'lucide-react/icons/circle-alert';
import type { OpenQuestion } from '../../lib/domain/model-check';
import { Badge } from '../_ui/badge';
import { TextInput } from '../_ui/field';
import { answerName, OTHER_VALUE, otherName } from './answer-names';

interface QuestionFieldsProps {
  readonly questions: readonly OpenQuestion[];
  /** What is wrong with an answer, by the name of its field. */
  readonly errors: Readonly<Record<string, string>>;
}

/** Open questions of a config.json, each with what could be true. Nothing is chosen until somebody chooses. */
export function QuestionFields({ questions, errors }: QuestionFieldsProps) {
  return (
    <div className="divide-y">
      {questions.map((question) => (
        <Question key={question.field} question={question} error={errors[answerName(question.field)]} />
      ))}
    </div>
  );
}

function Question({ question, error }: { readonly question: OpenQuestion; readonly error: string | undefined }) {
  const { field, reason, options, limits, isRequired } = question;
  const id = `question-${field}`;
  return (
    <fieldset
      aria-labelledby={`${id}-name`}
      aria-describedby={error ? `${id}-reason ${id}-error` : `${id}-reason`}
      className="min-w-0 px-4 py-4 sm:px-5"
    >
      <legend className="float-left flex w-full flex-wrap items-center gap-x-3 gap-y-1">
        <code id={`${id}-name`} className="wrap-anywhere font-mono font-semibold text-sm">
          {field}
        </code>
        {isRequired ? <Badge tone="warn">needed to convert</Badge> : <Badge tone="quiet">worth knowing</Badge>}
      </legend>
      <p id={`${id}-reason`} className="wrap-anywhere clear-both pt-1 text-ink-muted">
        {reason}
      </p>
      <div className="mt-2.5 grid gap-2">
        {options.map(({ value, meaning, source }) => (
          <label key={JSON.stringify(value)} className="flex items-start gap-2.5">
            <input
              type="radio"
              name={answerName(field)}
              value={JSON.stringify(value)}
              className="mt-0.5 size-4 shrink-0 accent-accent"
            />
            <span className="min-w-0">
              <span className="figures font-mono text-sm">{JSON.stringify(value)}</span>{' '}
              {meaning ? <span>– {meaning}</span> : null}{' '}
              {source ? <span className="wrap-anywhere block text-ink-muted text-xs">{source}</span> : null}
            </span>
          </label>
        ))}
        {limits ? (
          <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
            <label className="flex items-center gap-2.5">
              <input
                type="radio"
                name={answerName(field)}
                value={OTHER_VALUE}
                className="size-4 shrink-0 accent-accent"
              />
              Another value
            </label>
            <TextInput
              name={otherName(field)}
              aria-label={`Another value for ${field}`}
              inputMode="decimal"
              autoComplete="off"
              aria-invalid={error !== undefined}
              className="max-w-40"
            />
          </div>
        ) : null}
      </div>
      {error ? (
        <p id={`${id}-error`} role="alert" className="wrap-anywhere mt-2 flex gap-1.5 text-bad text-xs">
          <CircleAlert size={14} aria-hidden className="mt-px shrink-0" />
          {error}
        </p>
      ) : null}
    </fieldset>
  );
}
