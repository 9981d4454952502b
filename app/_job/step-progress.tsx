'use client';
import { formatBytes, formatSpeed } from '../../lib/domain/bytes';
import { formatEta } from '../../lib/domain/duration';
import type { Progress } from '../../lib/domain/progress';
import type { StepView } from '../../lib/domain/views';
import { STEP_VERB } from '../_copy/step-copy';
import { ProgressBar } from '../_ui/progress-bar';
import { Stat } from '../_ui/stat';

/** How far a running step is: bar, amount, speed, what remains. */
export function StepProgress({ step }: { readonly step: StepView }) {
  const progress = step.progress;
  const fraction = progress?.fraction ?? null;
  return (
    <div className="rounded-lg border bg-sunken/50 px-4 py-3.5">
      <div className="mb-2.5 flex items-baseline justify-between gap-3">
        <p className="min-w-0 truncate">
          <span className="inline-block font-medium first-letter:uppercase">
            {progress?.phase ?? STEP_VERB[step.kind]}
          </span>
          {progress?.detail ? <span className="ml-2 font-mono text-ink-muted text-xs">{progress.detail}</span> : null}
        </p>
        <span className="figures whitespace-nowrap font-medium text-accent">
          {fraction === null ? '' : `${(fraction * 100).toFixed(1)} %`}
        </span>
      </div>
      <ProgressBar label={step.title} fraction={fraction} className="h-2" />
      {progress ? (
        <dl className="mt-3 grid gap-x-4 gap-y-2 max-sm:grid-cols-2 max-sm:[&>:first-child]:col-span-2 sm:grid-cols-3">
          <Stat label="Done" value={amountOf(progress) ?? '–'} />
          <Stat
            label="Speed"
            value={progress.speedBytesPerSecond === null ? '–' : formatSpeed(progress.speedBytesPerSecond)}
            note={progress.averageBytesPerSecond ? `${formatSpeed(progress.averageBytesPerSecond)} on average` : null}
          />
          <Stat label="Remaining" value={progress.etaMs === null ? '–' : `about ${formatEta(progress.etaMs)}`} />
        </dl>
      ) : null}
    </div>
  );
}

function amountOf(progress: Progress): string | null {
  if (progress.done === null) return null;
  const format = (value: number) => (progress.unit === 'bytes' ? formatBytes(value) : value.toLocaleString('en'));
  const unit = progress.unit === 'bytes' || progress.unit === null ? '' : ` ${progress.unit}`;
  return progress.total === null
    ? `${format(progress.done)}${unit}`
    : `${format(progress.done)} / ${format(progress.total)}${unit}`;
}
