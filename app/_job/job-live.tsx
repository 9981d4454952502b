'use client';
import Unplug from 'lucide-react/icons/unplug';
import { lazy, memo, type ReactNode, Suspense, useEffect } from 'react';
import { isTerminal } from '../../lib/domain/status';
import type { JobDetail } from '../../lib/domain/views';
import { JOB_STATUS_DISPLAY } from '../_copy/status-display';
import { VERDICT_DISPLAY } from '../_copy/verdict-display';
import { useJob } from '../_live/use-job';
import { Notice } from '../_ui/notice';
import { RelativeTime } from '../_ui/relative-time';
import { useShown } from '../_ui/use-shown';
import { HostCharts } from './host-charts';
import { JobFacts } from './job-facts';
import { JobHeader } from './job-header';
import { ShortcutList } from './shortcut-list';
import { StepBrowser } from './step-browser';
import { VerdictPanel } from './verdict-panel';

/** With its remedies and forms: most jobs never need it. */
const FailurePanel = lazy(async () => ({ default: (await import('./failure-panel')).FailurePanel }));

interface JobLiveProps {
  readonly initial: JobDetail;
  readonly stepKey: string | null;
  /** The newest check of the same model, where there is one. */
  readonly checkId: string | null;
  /** What its machine costs, for a job on a rented one. */
  readonly money: ReactNode;
}

/** The page of one job, live. `stepKey` is the step that the address names. A hidden tab goes on with its title alone. */
export function JobLive({ initial, stepKey, checkId, money }: JobLiveProps) {
  const job = useJob(initial);
  useTabTitle(job);
  return <JobBody job={useShown(job)} stepKey={stepKey} checkId={checkId} money={money} />;
}

interface JobBodyProps extends Pick<JobLiveProps, 'stepKey' | 'checkId' | 'money'> {
  readonly job: JobDetail;
}

const JobBody = memo(function JobBody({ job, stepKey, checkId, money }: JobBodyProps) {
  const showsVerdict = job.status === 'succeeded' || job.artifacts.some((artifact) => artifact.verification !== null);
  return (
    <div className="space-y-6">
      <JobHeader job={job} />
      {money}
      <p role="status" className="sr-only">
        {announcement(job)}
      </p>
      {job.unreachableSince ? (
        <Notice
          tone="warn"
          icon={<Unplug size={18} aria-hidden className="text-warn" />}
          title="The host cannot be reached at the moment"
        >
          Since <RelativeTime at={job.unreachableSince} />. What runs there goes on by itself; Quantdeck keeps trying to
          reach it and continues exactly where it was.
        </Notice>
      ) : null}
      {job.failure && job.status !== 'running' ? (
        <Suspense>
          <FailurePanel job={job} failure={job.failure} checkId={checkId} />
        </Suspense>
      ) : null}
      {showsVerdict ? <VerdictPanel job={job} /> : null}
      <StepBrowser job={job} initialKey={stepKey} />
      <HostCharts jobId={job.id} isLive={!isTerminal(job.status)} startedAt={job.startedAt} />
      <JobFacts job={job} />
      <ShortcutList />
    </div>
  );
});

function useTabTitle(job: JobDetail): void {
  const display = JOB_STATUS_DISPLAY[job.status];
  const percent =
    job.status === 'running' && job.progressFraction !== null ? `${Math.floor(job.progressFraction * 100)} %` : '';
  const state = job.status === 'running' ? `${percent} ${job.currentStepTitle ?? ''}`.trim() : display.word;
  const title = `${display.glyph} ${state === '' ? display.word : state} · ${job.name}`;
  useEffect(() => {
    const assert = () => {
      if (document.title !== title) document.title = title;
    };
    assert();
    // Next streams the page's own title and may write it after this.
    const observer = new MutationObserver(assert);
    observer.observe(document.head, { childList: true, subtree: true, characterData: true });
    return () => observer.disconnect();
  }, [title]);
}

/** One sentence for screen readers, said when it changes: never the log, never a percentage. */
function announcement(job: JobDetail): string {
  if (job.status === 'succeeded') return `Job succeeded. Verdict: ${VERDICT_DISPLAY[job.verdict].word}.`;
  if (job.status === 'failed') return `Job failed: ${job.failure?.message ?? ''}`;
  if (job.status !== 'running') return `Job ${JOB_STATUS_DISPLAY[job.status].word.toLowerCase()}.`;
  return `Running: ${job.currentStepTitle ?? 'starting'}, ${job.finishedSteps} of ${job.totalSteps} steps done.`;
}
