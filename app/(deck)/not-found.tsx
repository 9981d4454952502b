import SearchX from 'lucide-react/icons/search-x';
import { ButtonLink } from '../_ui/button';
import { EmptyState } from '../_ui/empty-state';

/** A job or an instance that is not there (any more). */
export default function NotFound() {
  return (
    <div>
      <h1 className="sr-only">Not found</h1>
      <EmptyState
        icon={<SearchX size={32} strokeWidth={1.5} aria-hidden />}
        title="There is no such thing here"
        action={
          <ButtonLink href="/" look="primary">
            Go to the overview
          </ButtonLink>
        }
      >
        It may have been deleted, or the link was cut off when it was copied.
      </EmptyState>
    </div>
  );
}
