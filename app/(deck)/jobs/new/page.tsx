import type { Metadata } from 'next';
import { listInstances } from '../../../../lib/store/instance-views';
import { requireSession } from '../../../_auth/require-session';
import { NewJobForm } from '../../../_new-job/new-job-form';
import { PageHeader } from '../../../_ui/page-header';
import { parseText, type SearchParams } from '../../../_ui/search-params';

export const metadata: Metadata = { title: 'New job' };

/** Chooses a model, a machine and what is made of it. `?model=` and `?instance=` fill the form. */
export default async function NewJobPage({ searchParams }: { readonly searchParams: Promise<SearchParams> }) {
  await requireSession();
  const [instances, query] = await Promise.all([listInstances(), searchParams]);
  return (
    <>
      <PageHeader
        title="New job"
        lead="Nothing is changed at the source: the model is copied, checked, and converted on the host."
      />
      <NewJobForm instances={instances} model={parseText(query['model'])} instanceId={parseText(query['instance'])} />
    </>
  );
}
