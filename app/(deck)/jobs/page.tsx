import ListChecks from 'lucide-react/icons/list-checks';
import Plus from 'lucide-react/icons/plus';
import type { Metadata } from 'next';
import { JOB_STATUSES, type JobStatus } from '../../../lib/domain/status';
import { countJobs, listJobs } from '../../../lib/store/job-views';
import { requireSession } from '../../_auth/require-session';
import { JOB_STATUS_DISPLAY } from '../../_copy/status-display';
import { JobTable } from '../../_job/job-table';
import { ButtonLink } from '../../_ui/button';
import { Card } from '../../_ui/card';
import { EmptyState } from '../../_ui/empty-state';
import { LinkTabs } from '../../_ui/link-tabs';
import { PageHeader } from '../../_ui/page-header';
import { Pager } from '../../_ui/pager';
import { SearchForm } from '../../_ui/search-form';
import { pageAddress, parseOffset, parseText, type SearchParams } from '../../_ui/search-params';

export const metadata: Metadata = { title: 'Jobs' };
const LIMIT = 50;

/** All jobs, newest first; filter, search and page live in the address. */
export default async function JobsPage({ searchParams }: { readonly searchParams: Promise<SearchParams> }) {
  await requireSession();
  const query = await searchParams;
  const status = JOB_STATUSES.find((one) => one === query['status']);
  const search = parseText(query['q']);
  const offset = parseOffset(query['offset']);
  const [counts, { jobs, total }] = await Promise.all([
    countJobs(),
    listJobs({ ...(status ? { status } : {}), ...(search ? { search } : {}), limit: LIMIT, offset }),
  ]);
  const all = JOB_STATUSES.reduce((sum, one) => sum + counts[one], 0);
  return (
    <>
      <PageHeader
        title="Jobs"
        lead="One job turns one checkpoint into as many GGUF files as you want of it."
        actions={<NewJobLink className="lg:hidden" />}
      />
      <Card
        flush
        title={<StatusTabs active={status} counts={counts} total={all} />}
        aside={<SearchForm action="/jobs" query={search} placeholder="Name or model" keep={{ status }} />}
      >
        {jobs.length > 0 ? (
          <JobTable initial={jobs} showsNew={offset === 0 && !status && !search} />
        ) : (
          <Nothing isFiltered={all > 0} />
        )}
        <Pager
          offset={offset}
          limit={LIMIT}
          total={total}
          hrefOf={(next) => pageAddress('/jobs', { status, q: search, offset: next })}
        />
      </Card>
    </>
  );
}

interface StatusTabsProps {
  readonly active: JobStatus | undefined;
  readonly counts: Readonly<Record<JobStatus, number>>;
  readonly total: number;
}

function StatusTabs({ active, counts, total }: StatusTabsProps) {
  const tabs = JOB_STATUSES.map((status) => ({
    href: pageAddress('/jobs', { status }),
    label: JOB_STATUS_DISPLAY[status].word,
    count: counts[status],
    active: status === active,
  }));
  return (
    <LinkTabs
      label="Jobs by status"
      tabs={[{ href: '/jobs', label: 'All', count: total, active: active === undefined }, ...tabs]}
    />
  );
}

function NewJobLink({ className }: { readonly className?: string }) {
  return (
    <ButtonLink href="/jobs/new" look="primary" {...(className ? { className } : {})}>
      <Plus size={16} aria-hidden />
      New job
    </ButtonLink>
  );
}

function Nothing({ isFiltered }: { readonly isFiltered: boolean }) {
  const icon = <ListChecks size={32} strokeWidth={1.5} aria-hidden />;
  if (isFiltered) {
    return (
      <EmptyState icon={icon} title="No job matches" action={<ButtonLink href="/jobs">Clear the filters</ButtonLink>}>
        There are jobs, but none with this status and these words.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={icon} title="No jobs yet" action={<NewJobLink />}>
      Paste a model id such as <code className="font-mono text-xs">HuggingFaceTB/SmolLM2-135M-Instruct</code> and choose
      what you want of it.
    </EmptyState>
  );
}
