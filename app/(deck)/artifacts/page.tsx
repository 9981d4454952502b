import Boxes from 'lucide-react/icons/boxes';
import type { Metadata } from 'next';
import type { ArtifactView } from '../../../lib/domain/views';
import { listArtifacts } from '../../../lib/store/artifact-views';
import { ArtifactTable } from '../../_artifacts/artifact-table';
import { requireSession } from '../../_auth/require-session';
import { AskAgain } from '../../_ui/ask-again';
import { ButtonLink } from '../../_ui/button';
import { Card } from '../../_ui/card';
import { EmptyState } from '../../_ui/empty-state';
import { PageHeader } from '../../_ui/page-header';
import { Pager } from '../../_ui/pager';
import { SearchForm } from '../../_ui/search-form';
import { pageAddress, parseOffset, parseText, type SearchParams } from '../../_ui/search-params';

export const metadata: Metadata = { title: 'Artifacts' };
const LIMIT = 50;

/** Every file that was made, with what is proven about it and where it is. */
export default async function ArtifactsPage({ searchParams }: { readonly searchParams: Promise<SearchParams> }) {
  await requireSession();
  const query = await searchParams;
  const search = parseText(query['q']);
  const offset = parseOffset(query['offset']);
  const { artifacts, total } = await listArtifacts({ ...(search ? { search } : {}), limit: LIMIT, offset });
  return (
    <>
      <PageHeader
        title="Artifacts"
        lead="Every GGUF that was made, with the evidence for it. Downloads can be resumed."
      />
      <Card
        flush
        title={`${total} ${total === 1 ? 'file' : 'files'}`}
        aside={<SearchForm action="/artifacts" query={search} placeholder="File name or type" />}
      >
        {artifacts.some(isComing) ? <AskAgain /> : null}
        {artifacts.length > 0 ? <ArtifactTable artifacts={artifacts} /> : <Nothing search={search} />}
        <Pager
          offset={offset}
          limit={LIMIT}
          total={total}
          hrefOf={(next) => pageAddress('/artifacts', { q: search, offset: next })}
        />
      </Card>
    </>
  );
}

function isComing({ bringHomeState }: ArtifactView): boolean {
  return bringHomeState === 'requested' || bringHomeState === 'running';
}

function Nothing({ search }: { readonly search: string }) {
  const icon = <Boxes size={32} strokeWidth={1.5} aria-hidden />;
  if (search !== '') {
    return (
      <EmptyState
        icon={icon}
        title="No file matches"
        action={<ButtonLink href="/artifacts">Clear the search</ButtonLink>}
      >
        Nothing is called “{search}”.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={icon}
      title="No files yet"
      action={
        <ButtonLink href="/jobs/new" look="primary">
          New job
        </ButtonLink>
      }
    >
      Each job puts its files here, from the moment they exist on the host.
    </EmptyState>
  );
}
