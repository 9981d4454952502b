import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import type { InstanceView } from '../../../../lib/domain/instance';
import type { RentalState } from '../../../../lib/domain/rental';
import { isTerminal } from '../../../../lib/domain/status';
import type { JobSummary } from '../../../../lib/domain/views';
import { findInstance } from '../../../../lib/store/instance-views';
import { listJobs } from '../../../../lib/store/job-views';
import { findRentalOfInstance, listRentalEvents, listUnsavedFiles } from '../../../../lib/store/rental-views';
import { requireSession } from '../../../_auth/require-session';
import type { UnsavedFile } from '../../../_forms/unsaved-files-field';
import { InstanceLive } from '../../../_instances/instance-live';
import { RentedConnection } from '../../../_instances/rented-connection';
import { JobTable } from '../../../_job/job-table';
import { RentalDetail } from '../../../_rental/rental-detail';
import { Card } from '../../../_ui/card';

export const metadata: Metadata = { title: 'Instance' };

/** A machine is there, and may answer. */
const WITH_MACHINE = new Set<RentalState>(['coming', 'ready', 'lost', 'starting']);

/** One machine: its check, what it has, and what ran there. A rented one with its renting. */
export default async function InstancePage({ params }: { readonly params: Promise<{ readonly instanceId: string }> }) {
  await requireSession();
  const instance = await findInstance((await params).instanceId);
  if (!instance) notFound();
  const [{ jobs }, unsaved] = await Promise.all([
    listJobs({ instanceId: instance.id, limit: 20 }),
    listUnsavedFiles(instance.id),
  ]);
  return (
    <div className="space-y-6">
      {instance.kind === 'rented' ? (
        <Rented instance={instance} jobs={jobs} unsaved={unsaved} />
      ) : (
        <InstanceLive initial={instance} unsaved={unsaved} />
      )}
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

interface RentedProps {
  readonly instance: InstanceView;
  readonly jobs: readonly JobSummary[];
  readonly unsaved: readonly UnsavedFile[];
}

async function Rented({ instance, jobs, unsaved }: RentedProps) {
  const rental = await findRentalOfInstance(instance.id);
  if (!rental) notFound();
  const events = await listRentalEvents(rental.id);
  return (
    <RentalDetail
      rental={rental}
      events={events}
      unsaved={unsaved}
      connection={WITH_MACHINE.has(rental.state) ? <RentedConnection initial={instance} /> : null}
      openJobId={jobs.find(({ status }) => !isTerminal(status))?.id ?? null}
      nowMs={Date.now()}
    />
  );
}
