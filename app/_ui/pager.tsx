import { ButtonLink } from './button';

interface PagerProps {
  readonly offset: number;
  readonly limit: number;
  readonly total: number;
  /** The address of the page that starts at an offset. */
  readonly hrefOf: (offset: number) => string;
}

/** "1-50 of 312" with a way back and on; nothing when all fits on one page. */
export function Pager({ offset, limit, total, hrefOf }: PagerProps) {
  if (total <= limit && offset === 0) return null;
  const last = Math.min(total, offset + limit);
  return (
    <nav
      aria-label="Pages"
      className="flex items-center justify-between gap-3 border-t px-4 py-3 text-ink-muted text-xs sm:px-5"
    >
      <span className="figures">
        {total === 0 ? 0 : offset + 1}-{last} of {total}
      </span>
      <span className="flex gap-2">
        {offset > 0 ? (
          <ButtonLink size="small" href={hrefOf(Math.max(0, offset - limit))}>
            Newer
          </ButtonLink>
        ) : null}
        {last < total ? (
          <ButtonLink size="small" href={hrefOf(offset + limit)}>
            Older
          </ButtonLink>
        ) : null}
      </span>
    </nav>
  );
}
