import type { Metadata } from 'next';
import { listDevices } from '../../../../lib/store/device-views';
import { listInstances } from '../../../../lib/store/instance-views';
import { findJob } from '../../../../lib/store/job-views';
import { findModelCheck } from '../../../../lib/store/model-check-views';
import { requireSession } from '../../../_auth/require-session';
import { plainStart, startFromCheck, startFromJob } from '../../../_new-job/job-start';
import { NewJobForm } from '../../../_new-job/new-job-form';
import { PageHeader } from '../../../_ui/page-header';
import { parseText, type SearchParams } from '../../../_ui/search-params';

export const metadata: Metadata = { title: 'New job' };

/**
 * Chooses a model, a machine and what is made of it. `?model=` and `?instance=`, `?check=` or `?job=`
 * fill the form.
 */
export default async function NewJobPage({ searchParams }: { readonly searchParams: Promise<SearchParams> }) {
  await requireSession();
  const query = await searchParams;
  const checkId = parseText(query['check']);
  const jobId = parseText(query['job']);
  const [instances, check, job, devices] = await Promise.all([
    listInstances(),
    checkId === '' ? null : findModelCheck(checkId),
    jobId === '' ? null : findJob(jobId),
    listDevices(),
  ]);
  const start = job
    ? startFromJob(job, query['host'] === 'other' ? otherThan(job.instanceId, instances) : job.instanceId)
    : check
      ? startFromCheck(check, query['repair'] === 'approved', devices)
      : plainStart(parseText(query['model']), parseText(query['instance']));
  return (
    <>
      <PageHeader
        title="New job"
        lead="Nothing is changed at the source: the model is copied, checked, and converted on the host."
      />
      <NewJobForm instances={instances} start={start} />
    </>
  );
}

/** Another host than the one where it failed, where there is one. */
function otherThan(instanceId: string, instances: readonly { readonly id: string }[]): string {
  return instances.find(({ id }) => id !== instanceId)?.id ?? instanceId;
}
