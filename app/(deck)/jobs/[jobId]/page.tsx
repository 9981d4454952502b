import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { findJob } from '../../../../lib/store/job-views';
import { findCheckOf } from '../../../../lib/store/model-check-views';
import { requireSession } from '../../../_auth/require-session';
import { JobLive } from '../../../_job/job-live';
import { RentedJobMoney } from '../../../_job/rented-job-money';

interface JobPageProps {
  readonly params: Promise<{ readonly jobId: string }>;
  readonly searchParams: Promise<{ readonly step?: string | string[] }>;
}

export const metadata: Metadata = { title: 'Job' };

/** One job: the state as it is now, then live. */
export default async function JobPage({ params, searchParams }: JobPageProps) {
  await requireSession();
  const job = await findJob((await params).jobId);
  if (!job) notFound();
  const { step } = await searchParams;
  const checkId = await findCheckOf(job.spec);
  return (
    <JobLive
      initial={job}
      stepKey={typeof step === 'string' ? step : null}
      checkId={checkId}
      money={<RentedJobMoney job={job} />}
    />
  );
}
