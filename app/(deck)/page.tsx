import Plus from 'lucide-react/icons/plus';
import type { Metadata } from 'next';
import Link from 'next/link';
import { listArtifacts } from '../../lib/store/artifact-views';
import { listInstances } from '../../lib/store/instance-views';
import { countJobs, listJobs } from '../../lib/store/job-views';
import { requireSession } from '../_auth/require-session';
import { ArtifactList } from '../_overview/artifact-list';
import { FirstRun } from '../_overview/first-run';
import { HostList } from '../_overview/host-list';
import { JobCounts } from '../_overview/job-counts';
import { RunningJobs } from '../_overview/running-jobs';
import { ButtonLink } from '../_ui/button';
import { Card } from '../_ui/card';
import { PageHeader } from '../_ui/page-header';

export const metadata: Metadata = { title: { absolute: 'Quantdeck' } };

/** What runs, what came out, and on which machines. */
export default async function OverviewPage() {
  await requireSession();
  const [counts, running, queued, recent, instances, { artifacts }] = await Promise.all([
    countJobs(),
    // Apart from each other: the job that runs is older than all that wait for it.
    listJobs({ status: 'running', limit: 200 }),
    listJobs({ status: 'queued', limit: 200 }),
    listJobs({ status: ['succeeded', 'failed', 'canceled'], limit: 5 }),
    listInstances(),
    listArtifacts({ limit: 6 }),
  ]);
  if (running.total + queued.total + recent.total === 0) return <FirstRun instances={instances} />;
  return (
    <>
      <PageHeader
        title="Overview"
        actions={
          <ButtonLink href="/jobs/new" look="primary" className="lg:hidden">
            <Plus size={16} aria-hidden />
            New job
          </ButtonLink>
        }
      />
      <JobCounts counts={counts} />
      <div className="mt-6 grid items-start gap-6 xl:grid-cols-[minmax(0,1.7fr)_minmax(0,1fr)]">
        <div className="grid min-w-0 gap-6">
          <RunningJobs initial={[...running.jobs, ...queued.jobs, ...recent.jobs]} />
          <Card title="Recent artifacts" aside={<MoreLink href="/artifacts" words="All artifacts" />} flush>
            <ArtifactList artifacts={artifacts} />
          </Card>
        </div>
        <Card title="Hosts" aside={<MoreLink href="/instances" words="All instances" />} flush>
          <HostList initial={instances} />
        </Card>
      </div>
    </>
  );
}

function MoreLink({ href, words }: { readonly href: string; readonly words: string }) {
  return (
    <Link href={href} className="font-medium text-accent text-xs hover:underline">
      {words}
    </Link>
  );
}
