import type { Metadata } from 'next';
import { listInstances } from '../../../../lib/store/instance-views';
import { findModelCheck } from '../../../../lib/store/model-check-views';
import { requireSession } from '../../../_auth/require-session';
import { plainStart, startFromCheck } from '../../../_new-job/job-start';
import { NewJobForm } from '../../../_new-job/new-job-form';
import { PageHeader } from '../../../_ui/page-header';
import { parseText, type SearchParams } from '../../../_ui/search-params';

export const metadata: Metadata = { title: 'New job' };

/** Chooses a model, a machine and what is made of it. `?model=` and `?instance=`, or `?check=`, fill the form. */
export default async function NewJobPage({ searchParams }: { readonly searchParams: Promise<SearchParams> }) {
  await requireSession();
  const query = await searchParams;
  const checkId = parseText(query['check']);
  const [instances, check] = await Promise.all([listInstances(), checkId === '' ? null : findModelCheck(checkId)]);
  const start = check
    ? startFromCheck(check, query['repair'] === 'approved')
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
