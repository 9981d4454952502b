'use client';
import Info from 'lucide-react/icons/info';
import type { JobDetail, StepView } from '../../lib/domain/views';
import { STEP_STATUS_DISPLAY } from '../_copy/status-display';
import { STEP_PURPOSE, STOPPED_WITH_JOB } from '../_copy/step-copy';
import { LogViewer } from '../_log/log-viewer';
import { Badge } from '../_ui/badge';
import { Elapsed } from '../_ui/elapsed';
import { StepCommands } from './step-commands';
import { StepProgress } from './step-progress';

interface StepInspectorProps {
  readonly job: JobDetail;
  readonly step: StepView;
  /** Something in this step was put into the page's address. */
  readonly onLinked: () => void;
}

/** Everything about one step: progress, what it is bound by, its commands, its log. */
export function StepInspector({ job, step, onLinked }: StepInspectorProps) {
  const display = STEP_STATUS_DISPLAY[step.status];
  const attempts = step.attempts.length;
  return (
    <div
      id={`step-${step.id}`}
      className="min-w-0 space-y-4 border-b bg-canvas/40 p-4 last:border-b-0 sm:p-5 lg:col-start-2 lg:row-[1/-1] lg:border-b-0 lg:border-l lg:bg-transparent"
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <h3 className="font-semibold text-base">{step.title}</h3>
        <Badge tone={display.tone}>
          <display.icon size={13} aria-hidden />
          {display.word}
        </Badge>
        <span className="ml-auto flex items-center gap-3 text-ink-muted text-xs">
          {attempts > 1 ? <span>attempt {attempts}</span> : null}
          {step.startedAt ? <Elapsed from={step.startedAt} to={step.finishedAt} /> : null}
        </span>
      </div>
      {step.status === 'running' ? <StepProgress step={step} /> : null}
      <StepWords job={job} step={step} />
      <StepCommands attempts={step.attempts} />
      {hasLog(step) ? (
        <LogViewer
          key={step.id}
          jobId={job.id}
          stepId={step.id}
          stepKey={step.key}
          stepTitle={step.title}
          isRunning={step.status === 'running'}
          onLinked={onLinked}
        />
      ) : null}
    </div>
  );
}

/** Why it is as it is: the note of a running step, the reason of a skipped one, the purpose of one that waits. */
function StepWords({ job, step }: { readonly job: JobDetail; readonly step: StepView }) {
  if (step.status === 'failed' && step.failure) {
    // The panel at the top of the page says it already.
    if (step.failure.message === job.failure?.message) return null;
    return <p className="border-bad border-l-2 pl-3 text-ink-muted">{step.failure.message}</p>;
  }
  if (step.status === 'skipped')
    return <p className="text-ink-muted">Skipped: {step.skippedReason ?? 'it was not needed.'}</p>;
  if (step.status === 'queued') return <p className="text-ink-muted">Not started yet. {STEP_PURPOSE[step.kind]}</p>;
  if (step.status === 'canceled' && job.status === 'failed')
    return <p className="text-ink-muted">{step.failure?.message ?? STOPPED_WITH_JOB}</p>;
  if (!step.note) return null;
  return (
    <p className="flex gap-2 text-ink-muted">
      <Info size={16} aria-hidden className="mt-0.5 shrink-0 text-accent" />
      {step.note}
    </p>
  );
}

function hasLog(step: StepView): boolean {
  return step.logBytes > 0 || step.attempts.length > 0 || step.status === 'running';
}
