'use client';
import Bug from 'lucide-react/icons/bug';
import Download from 'lucide-react/icons/download';
import Search from 'lucide-react/icons/search';
import { buttonClasses } from '../_ui/button';
import type { LogSearch } from './use-log-search';

interface LogToolbarProps {
  readonly url: string;
  readonly search: LogSearch;
  readonly showsMachine: boolean;
  readonly onShowMachine: (shows: boolean) => void;
  readonly onJump: (offset: number) => void;
}

/** Search, first error, download, and the switch for lines meant for the dashboard. */
export function LogToolbar({ url, search, showsMachine, onShowMachine, onJump }: LogToolbarProps) {
  const jumpToFirstError = async () => {
    const match = await search.firstError();
    if (match) onJump(match.offset);
  };
  return (
    <div className="flex flex-wrap items-center gap-2 border-b px-3 py-2">
      <label className="relative min-w-40 flex-1 max-sm:basis-full">
        <span className="sr-only">Search the whole log</span>
        <Search size={14} aria-hidden className="absolute top-1/2 left-2.5 -translate-y-1/2 text-ink-faint" />
        <input
          type="search"
          value={search.query}
          onChange={(event) => search.setQuery(event.target.value)}
          placeholder="Search the whole log"
          className="h-8 w-full rounded-md border border-line-strong/60 bg-surface pr-2 pl-8 text-base placeholder:text-ink-faint sm:h-7 sm:text-xs"
        />
      </label>
      <label
        className="inline-flex items-center gap-1.5 text-ink-muted text-xs"
        title="Lines by which our scripts report progress to the dashboard"
      >
        <input
          type="checkbox"
          checked={showsMachine}
          onChange={(event) => onShowMachine(event.target.checked)}
          className="accent-accent"
        />
        Machine lines
      </label>
      <button type="button" onClick={jumpToFirstError} className={buttonClasses('secondary', 'small')}>
        <Bug size={13} aria-hidden />
        First error
      </button>
      <a href={`${url}?offset=0&download=1`} download className={buttonClasses('secondary', 'small')}>
        <Download size={13} aria-hidden />
        Download
      </a>
    </div>
  );
}
