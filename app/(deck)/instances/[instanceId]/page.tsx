import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { findInstance } from '../../../../lib/store/instance-views';
import { listJobs } from '../../../../lib/store/job-views';
import { requireSession } from '../../../_auth/require-session';
import { InstanceLive } from '../../../_instances/instance-live';
import { JobTable } from '../../../_job/job-table';
import { Card } from '../../../_ui/card';

export const metadata: Metadata = { title: 'Instance' };

/** One machine: its check, what it has, and what ran there. */
export default async function InstancePage({ params }: { readonly params: Promise<{ readonly instanceId: string }> }) {
  await requireSession();
  const instance = await findInstance((await params).instanceId);
  if (!instance) notFound();
  const { jobs } = await listJobs({ instanceId: instance.id, limit: 20 });
  return (
    <div className="space-y-6">
      <InstanceLive initial={instance} />
      <Card title="Jobs on it" flush>
        {jobs.length > 0 ? (
          <JobTable initial={jobs} showsNew={false} />
        ) : (
          <p className="px-5 py-6 text-ink-muted">None yet.</p>
        )}
      </Card>
    </div>
  );
}
