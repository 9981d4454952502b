import SearchCheck from 'lucide-react/icons/search-check';
import type { Metadata } from 'next';
import { listInstances } from '../../../lib/store/instance-views';
import { listModelChecks } from '../../../lib/store/model-check-views';
import { requireSession } from '../../_auth/require-session';
import { CheckForm } from '../../_check/check-form';
import { CheckTable } from '../../_check/check-table';
import { Card } from '../../_ui/card';
import { EmptyState } from '../../_ui/empty-state';
import { PageHeader } from '../../_ui/page-header';
import { parseText, type SearchParams } from '../../_ui/search-params';

export const metadata: Metadata = { title: 'Model checks' };

/** Looks at a model before anything is fetched or rented. `?source=` and `?instance=` fill the form. */
export default async function ChecksPage({ searchParams }: { readonly searchParams: Promise<SearchParams> }) {
  await requireSession();
  const [instances, checks, query] = await Promise.all([listInstances(), listModelChecks(50), searchParams]);
  const source = parseText(query['source']);
  return (
    <>
      <PageHeader
        title="Model checks"
        lead="Finds what would make a conversion fail, or succeed and be wrong, before anything is downloaded."
      />
      <div className="space-y-6">
        <Card title="Check a model">
          <CheckForm key={source} source={source} instanceId={parseText(query['instance'])} instances={instances} />
        </Card>
        <Card title="Earlier checks" flush>
          {checks.length > 0 ? (
            <CheckTable checks={checks} />
          ) : (
            <EmptyState icon={<SearchCheck size={32} strokeWidth={1.5} aria-hidden />} title="No checks yet">
              Paste the id of a model above. Its weights are not downloaded: a few hundred kilobytes tell everything.
            </EmptyState>
          )}
        </Card>
      </div>
    </>
  );
}
