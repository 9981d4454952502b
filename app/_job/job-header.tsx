'use client';
import ArrowRight from 'lucide-react/icons/arrow-right';
import Server from 'lucide-react/icons/server';
import Link from 'next/link';
import { isTerminal } from '../../lib/domain/status';
import type { JobDetail } from '../../lib/domain/views';
import { QuantizationBadge } from '../_copy/quantization-badge';
import { JobStatusBadge, VerdictBadge } from '../_copy/status-badge';
import { Elapsed } from '../_ui/elapsed';
import { ProgressBar } from '../_ui/progress-bar';
import { JobActions } from './job-actions';

/** What the job is, how it stands, and the one thing to do about it. */
export function JobHeader({ job }: { readonly job: JobDetail }) {
  const ended = isTerminal(job.status);
  return (
    <header>
      <nav aria-label="Breadcrumb" className="mb-2 text-ink-muted text-xs">
        <Link href="/jobs" className="hover:text-ink hover:underline">
          Jobs
        </Link>{' '}
        <span aria-hidden>/</span> <span className="font-mono">{job.id.slice(0, 10)}</span>
      </nav>
      <div className="flex flex-wrap items-start justify-between gap-x-8 gap-y-4">
        <div className="min-w-0 flex-1 basis-96">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
            <h1 className="min-w-0 break-words font-semibold text-2xl tracking-tight">{job.name}</h1>
            <JobStatusBadge status={job.status} cancelRequested={job.cancelRequested} />
            {job.verdict === 'unknown' ? null : <VerdictBadge verdict={job.verdict} />}
          </div>
          <Route job={job} />
        </div>
        <div className="flex items-center gap-5">
          <div className="sm:text-right">
            <p className="text-ink-faint text-xs">
              {job.startedAt === null ? 'Waiting' : ended ? 'Took' : 'Running for'}
            </p>
            <p className="font-medium text-xl">
              <Elapsed from={job.startedAt ?? job.createdAt} to={job.finishedAt} />
            </p>
          </div>
          <JobActions job={job} />
        </div>
      </div>
      {ended ? null : (
        <div className="mt-4 flex items-center gap-3">
          <ProgressBar label="Job progress" fraction={job.progressFraction} className="flex-1" />
          <span className="figures text-ink-muted text-xs">
            {job.finishedSteps}/{job.totalSteps} steps
          </span>
        </div>
      )}
    </header>
  );
}

/** Source, outputs and host in one line. */
function Route({ job }: { readonly job: JobDetail }) {
  return (
    <div className="mt-2 flex flex-wrap items-center gap-x-2.5 gap-y-1.5 text-ink-muted">
      <span className="min-w-0 break-all font-mono text-xs">{job.sourceText}</span>
      <ArrowRight size={14} aria-label="becomes" className="shrink-0" />
      <span className="flex flex-wrap gap-1.5">
        {job.outputs.map((type) => (
          <QuantizationBadge key={type} type={type} />
        ))}
      </span>
      <Link
        href={`/instances/${job.instanceId}`}
        className="inline-flex items-center gap-1.5 text-xs hover:text-ink hover:underline"
      >
        <Server size={13} aria-hidden />
        {job.instanceName}
      </Link>
    </div>
  );
}
