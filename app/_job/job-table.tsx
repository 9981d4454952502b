'use client';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { isTerminal } from '../../lib/domain/status';
import type { JobSummary } from '../../lib/domain/views';
import { failureTitle } from '../_copy/failure-copy';
import { QuantizationBadge } from '../_copy/quantization-badge';
import { JobStatusBadge, VerdictBadge } from '../_copy/status-badge';
import { useJobs } from '../_live/use-jobs';
import { Button } from '../_ui/button';
import { Cell, DataTable, HeadCell } from '../_ui/data-table';
import { Elapsed } from '../_ui/elapsed';
import { ProgressBar } from '../_ui/progress-bar';
import { RelativeTime } from '../_ui/relative-time';

/** Jobs as rows, live in place. New ones wait behind a button, so that nothing moves under the pointer. */
export function JobTable({
  initial,
  showsNew,
}: {
  readonly initial: readonly JobSummary[];
  readonly showsNew: boolean;
}) {
  const { jobs, newJobs } = useJobs(initial);
  const router = useRouter();
  return (
    <>
      {showsNew && newJobs.length > 0 ? (
        <div className="border-b bg-accent-soft/40 px-4 py-2 text-center">
          <Button size="small" onClick={() => router.refresh()}>
            {newJobs.length === 1 ? '1 new job' : `${newJobs.length} new jobs`}: show
          </Button>
        </div>
      ) : null}
      <DataTable
        label="Jobs"
        head={
          <>
            <HeadCell>Status</HeadCell>
            <HeadCell>Job</HeadCell>
            <HeadCell className="max-sm:hidden">Outputs</HeadCell>
            <HeadCell className="max-sm:hidden">Step</HeadCell>
            <HeadCell className="max-sm:hidden">Host</HeadCell>
            <HeadCell className="max-sm:hidden">Started</HeadCell>
            <HeadCell className="text-right max-sm:hidden">Time</HeadCell>
          </>
        }
      >
        {jobs.map((job) => (
          <JobRow key={job.id} job={job} />
        ))}
      </DataTable>
    </>
  );
}

function JobRow({ job }: { readonly job: JobSummary }) {
  return (
    <tr className="relative hover:bg-quiet-soft/40">
      <Cell>
        <JobStatusBadge status={job.status} cancelRequested={job.cancelRequested} />
      </Cell>
      <Cell className="max-w-72 max-sm:w-full max-sm:max-w-0">
        <Link href={`/jobs/${job.id}`} className="block truncate font-medium after:absolute after:inset-0">
          {job.name}
        </Link>
        <span className="block truncate font-mono text-ink-muted text-xs">{job.sourceText}</span>
        <div className="mt-1 sm:hidden">
          <JobProgressLine job={job} />
        </div>
      </Cell>
      <Cell className="max-sm:hidden">
        <span className="flex max-w-56 flex-wrap gap-1">
          {job.outputs.slice(0, 4).map((type) => (
            <QuantizationBadge key={type} type={type} />
          ))}
          {job.outputs.length > 4 ? <span className="text-ink-muted text-xs">+{job.outputs.length - 4}</span> : null}
        </span>
      </Cell>
      <Cell className="min-w-44 max-sm:hidden">
        <JobProgressLine job={job} />
      </Cell>
      <Cell className="max-w-40 truncate text-ink-muted max-sm:hidden">{job.instanceName}</Cell>
      <Cell className="text-ink-muted max-sm:hidden">
        <RelativeTime at={job.startedAt ?? job.createdAt} />
      </Cell>
      <Cell className="whitespace-nowrap text-right max-sm:hidden">
        {job.startedAt ? <Elapsed from={job.startedAt} to={job.finishedAt} /> : '–'}
      </Cell>
    </tr>
  );
}

/** What a job is at: its step while it runs, its verdict when it worked, its reason when it failed. */
export function JobProgressLine({ job }: { readonly job: JobSummary }) {
  if (job.status === 'succeeded') return <VerdictBadge verdict={job.verdict} />;
  if (isTerminal(job.status)) {
    return (
      <span className="text-ink-muted text-xs">
        {job.failure ? failureTitle(job.failure.code) : (job.currentStepTitle ?? '')}
      </span>
    );
  }
  return (
    <span className="block">
      <span className="flex justify-between gap-3 text-xs">
        <span className="truncate text-ink-muted">{job.currentStepTitle ?? 'Waiting for its turn'}</span>
        <span className="figures text-ink-faint">
          {job.finishedSteps}/{job.totalSteps}
        </span>
      </span>
      {job.status === 'running' ? (
        <ProgressBar label={`${job.name} progress`} fraction={job.progressFraction} className="mt-1" />
      ) : null}
    </span>
  );
}
