import type { ReactNode } from 'react';
import type { ConfigPatch } from '../../lib/domain/conversion-spec';
import type { Finding } from '../../lib/domain/finding';
import type { AnsweredQuestion } from '../../lib/domain/model-check';

/** What is shown of an answer; a job remembers which fields were answered, not what could have been. */
export interface ShownAnswer extends Pick<AnsweredQuestion, 'field' | 'options'> {
  readonly value: ConfigPatch[string];
}

interface ConfigDiffProps {
  readonly patch: ConfigPatch;
  readonly findings: readonly Finding[];
  /** What the person said where nothing proves a value. */
  readonly answers: readonly ShownAnswer[];
  /** Shown beside a change that the person made. */
  readonly actionFor?: (answer: ShownAnswer) => ReactNode;
}

/** config.json before and after, field by field, each with the tensor that proves it or the person who said so. */
export function ConfigDiff({ patch, findings, answers, actionFor }: ConfigDiffProps) {
  const byField = new Map(findings.flatMap((finding) => (finding.field ? [[finding.field, finding] as const] : [])));
  return (
    <ul aria-label="Changes to config.json" className="divide-y">
      {Object.entries(patch).map(([field, after]) => {
        const finding = byField.get(field);
        const before = finding?.configured ?? null;
        const answer = answers.find((one) => one.field === field);
        return (
          <li
            key={field}
            className="grid gap-x-6 gap-y-1 px-4 py-2.5 sm:px-5 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]"
          >
            <div className="min-w-0 font-mono text-xs leading-6">
              {answer ? null : (
                <p className="break-all bg-bad-soft/60 px-2 text-bad">
                  <span aria-hidden>- </span>
                  <span className="sr-only">before: </span>
                  {before === null ? <i>no "{field}"</i> : `"${field}": ${JSON.stringify(before)}`}
                </p>
              )}
              <p className="break-all bg-ok-soft/60 px-2 text-ok">
                <span aria-hidden>+ </span>
                <span className="sr-only">after: </span>
                {`"${field}": ${JSON.stringify(after)}`}
              </p>
            </div>
            {answer ? (
              <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1.5 self-center text-xs">
                <p className="wrap-anywhere min-w-0 text-ink-muted">
                  <span className="font-medium text-ink">You said so.</span> {meaningOf(answer)}
                </p>
                {actionFor?.(answer)}
              </div>
            ) : (
              <p className="wrap-anywhere min-w-0 self-center text-ink-muted text-xs">
                {finding?.tensor ? (
                  <>
                    Proven by <span className="break-all font-mono">{finding.evidence[0] ?? finding.tensor}</span>
                  </>
                ) : (
                  (finding?.message ?? 'Follows from the other changes.')
                )}
              </p>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function meaningOf({ options, value }: ShownAnswer): string {
  if (options.length === 0) return '';
  const chosen = options.find((option) => option.value === value);
  if (!chosen) return 'A value of your own, which nothing proves or refutes.';
  return [chosen.meaning, chosen.source].filter((words) => words !== '').join(': ');
}
