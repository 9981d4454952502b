import type { Failure } from '../../lib/domain/failure';
import { failureTitle } from '../_copy/failure-copy';
import { RelativeTime } from '../_ui/relative-time';

/** How old is what is shown of the account, and why it is not newer. */
export function LookAge({ readAt, failure }: { readonly readAt: string | null; readonly failure: Failure | null }) {
  return (
    <span className={failure === null ? 'text-ink-muted text-xs' : 'text-warn text-xs'}>
      {readAt === null ? (
        'vast.ai was not read yet'
      ) : (
        <>
          as of <RelativeTime at={readAt} />
        </>
      )}
      {failure === null ? '' : `: ${lowerFirst(failureTitle(failure.code))}`}
    </span>
  );
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
