'use client';
import ChevronRight from 'lucide-react/icons/chevron-right';
import type { AttemptView } from '../../lib/domain/views';
import { CodeBlock } from '../_ui/code-block';
import { Elapsed } from '../_ui/elapsed';

/** What was run, attempt by attempt, ready to be copied. */
export function StepCommands({ attempts }: { readonly attempts: readonly AttemptView[] }) {
  const shown = attempts.filter((attempt) => attempt.command !== null);
  if (shown.length === 0) return null;
  return (
    <details className="group">
      <summary className="inline-flex items-center gap-1.5 rounded-md font-medium text-ink-muted text-xs hover:text-ink">
        <ChevronRight size={14} aria-hidden className="transition-transform group-open:rotate-90" />
        {shown.length === 1 ? 'Command' : `Commands of ${shown.length} attempts`}
      </summary>
      <ol className="mt-2 space-y-3">
        {shown.map((attempt) => (
          <li key={attempt.id}>
            <p className="mb-1 flex flex-wrap gap-x-3 text-ink-muted text-xs">
              <span>
                Attempt {attempt.number}, {attempt.kind === 'remote' ? 'on the host' : 'on the dashboard'}
              </span>
              {attempt.startedAt ? <Elapsed from={attempt.startedAt} to={attempt.endedAt} /> : null}
              {attempt.exitCode === null ? null : (
                <span className={attempt.exitCode === 0 ? 'text-ok' : 'text-bad'}>exit code {attempt.exitCode}</span>
              )}
            </p>
            <CodeBlock text={attempt.command ?? ''} what={`command of attempt ${attempt.number}`} />
          </li>
        ))}
      </ol>
    </details>
  );
}
