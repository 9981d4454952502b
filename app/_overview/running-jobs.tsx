'use client';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import type { JobSummary } from '../../lib/domain/views';
import { JobStatusBadge } from '../_copy/status-badge';
import { JobProgressLine } from '../_job/job-table';
import { useJobs } from '../_live/use-jobs';
import { Card } from '../_ui/card';
import { Elapsed } from '../_ui/elapsed';
import { RelativeTime } from '../_ui/relative-time';

const RECENT = 5;
const isActive = (job: JobSummary) => job.status === 'running' || job.status === 'queued';

/** What is at work now, live, and what ended last. */
export function RunningJobs({ initial }: { readonly initial: readonly JobSummary[] }) {
  const { jobs, newJobs } = useJobs(initial, isActive);
  const router = useRouter();
  const hasNew = newJobs.length > 0;
  // Here a new job is the news: show it at once.
  useEffect(() => {
    if (hasNew) router.refresh();
  }, [hasNew, router]);
  const active = jobs.filter(isActive);
  const ended = jobs.filter((job) => !isActive(job)).slice(0, RECENT);
  return (
    <Card title={active.length > 0 ? 'At work' : 'Latest jobs'} flush>
      <ul className="divide-y">
        {[...active, ...ended].map((job) => (
          <li
            key={job.id}
            className="relative grid gap-x-5 gap-y-2 px-4 py-3 hover:bg-quiet-soft/40 sm:grid-cols-[minmax(0,1fr)_minmax(9rem,13rem)_7rem] sm:items-center sm:px-5"
          >
            <div className="min-w-0">
              <Link href={`/jobs/${job.id}`} className="block truncate font-medium after:absolute after:inset-0">
                {job.name}
              </Link>
              <p className="truncate text-ink-muted text-xs">
                <span className="font-mono">{job.outputs.join(' · ')}</span> on {job.instanceName}
              </p>
            </div>
            <JobProgressLine job={job} />
            <div className="flex items-center gap-3 text-ink-muted text-xs sm:flex-col sm:items-end sm:gap-1">
              <JobStatusBadge status={job.status} cancelRequested={job.cancelRequested} />
              {job.finishedAt ? (
                <RelativeTime at={job.finishedAt} />
              ) : job.startedAt ? (
                <Elapsed from={job.startedAt} to={null} />
              ) : null}
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}
