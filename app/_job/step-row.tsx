'use client';
import clsx from 'clsx';
import ChevronDown from 'lucide-react/icons/chevron-down';
import type { StepView } from '../../lib/domain/views';
import { failureTitle } from '../_copy/failure-copy';
import { STEP_STATUS_DISPLAY } from '../_copy/status-display';
import { TONE_TEXT } from '../_ui/badge';
import { Elapsed } from '../_ui/elapsed';
import { ProgressBar } from '../_ui/progress-bar';

interface StepRowProps {
  readonly step: StepView;
  readonly isSelected: boolean;
  readonly isLast: boolean;
  /** Row of the grid on wide screens. */
  readonly row: number;
  readonly onChoose: () => void;
}

/** One step in the list: state, name, time, and while it runs how far it is. */
export function StepRow({ step, isSelected, isLast, row, onChoose }: StepRowProps) {
  const display = STEP_STATUS_DISPLAY[step.status];
  return (
    <button
      type="button"
      onClick={onChoose}
      aria-expanded={isSelected}
      aria-controls={isSelected ? `step-${step.id}` : undefined}
      style={{ '--row': row } as React.CSSProperties}
      className={clsx(
        'group relative grid w-full grid-cols-[1.25rem_minmax(0,1fr)_auto] items-start gap-x-3 border-b px-4 py-2.5 text-left',
        'lg:col-start-1 lg:row-(--row) lg:border-b-0',
        isSelected ? 'bg-quiet-soft/70' : 'hover:bg-quiet-soft/40',
      )}
    >
      {isSelected ? <span aria-hidden className="absolute inset-y-0 left-0 w-[3px] bg-accent" /> : null}
      {isLast ? null : (
        <span aria-hidden className="absolute top-8 -bottom-2 left-[1.55rem] hidden w-px bg-line lg:block" />
      )}
      <display.icon
        size={18}
        strokeWidth={1.9}
        aria-hidden
        className={clsx('mt-px', TONE_TEXT[display.tone], display.spins && 'animate-spin [animation-duration:2.4s]')}
      />
      <span className="min-w-0">
        <span
          className={clsx(
            'block truncate',
            step.status === 'queued' || step.status === 'skipped' ? 'text-ink-muted' : 'font-medium',
          )}
        >
          {step.title}
        </span>
        <StepLine step={step} word={display.word} />
      </span>
      <span className="flex items-center gap-1 pt-px text-ink-muted text-xs">
        {step.startedAt ? <Elapsed from={step.startedAt} to={step.finishedAt} /> : null}
        <ChevronDown size={14} aria-hidden className={clsx('lg:hidden', isSelected && 'rotate-180')} />
      </span>
    </button>
  );
}

function StepLine({ step, word }: { readonly step: StepView; readonly word: string }) {
  if (step.status === 'failed' && step.failure)
    return <span className="block truncate text-bad text-xs">{failureTitle(step.failure.code)}</span>;
  if (step.status !== 'running') {
    return <span className="block truncate text-ink-faint text-xs">{step.skippedReason ?? word}</span>;
  }
  const fraction = step.progress?.fraction ?? null;
  return (
    <span className="mt-1 flex items-center gap-2">
      <ProgressBar label={`${step.title} progress`} fraction={fraction} className="flex-1" />
      {fraction === null ? (
        <span className="sr-only">{word}</span>
      ) : (
        <span className="figures text-accent text-xs">{Math.floor(fraction * 100)} %</span>
      )}
    </span>
  );
}
