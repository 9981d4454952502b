'use client';
import Bug from 'lucide-react/icons/bug';
import Download from 'lucide-react/icons/download';
import Search from 'lucide-react/icons/search';
import type { RefObject } from 'react';
import { buttonClasses } from '../_ui/button';
import type { LogSearch } from './use-log-search';

interface LogToolbarProps {
  readonly url: string;
  readonly search: LogSearch;
  readonly searchInput: RefObject<HTMLInputElement | null>;
  readonly showsMachine: boolean;
  readonly onShowMachine: (shows: boolean) => void;
  readonly isWrapped: boolean;
  readonly onWrap: (wraps: boolean) => void;
  readonly onFirstError: () => void;
}

/** Search, first error, download, and the switches for long lines and for lines meant for the dashboard. */
export function LogToolbar(props: LogToolbarProps) {
  const { url, search, searchInput, showsMachine, onShowMachine, isWrapped, onWrap, onFirstError } = props;
  return (
    <div className="flex flex-wrap items-center gap-2 border-b px-3 py-2">
      <label className="relative min-w-40 flex-1 max-sm:basis-full">
        <span className="sr-only">Search the whole log</span>
        <Search size={14} aria-hidden className="absolute top-1/2 left-2.5 -translate-y-1/2 text-ink-faint" />
        <input
          ref={searchInput}
          type="search"
          value={search.query}
          onChange={(event) => search.setQuery(event.target.value)}
          placeholder="Search the whole log"
          className="h-8 w-full rounded-md border border-line-strong/60 bg-surface pr-2 pl-8 text-base placeholder:text-ink-faint sm:h-7 sm:text-xs"
        />
      </label>
      <Switch isOn={isWrapped} onChange={onWrap} title="Show long lines whole, over several rows">
        Wrap
      </Switch>
      <Switch
        isOn={showsMachine}
        onChange={onShowMachine}
        title="Lines by which our scripts report progress to the dashboard"
      >
        Machine lines
      </Switch>
      <button type="button" onClick={onFirstError} className={buttonClasses('secondary', 'small')}>
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

interface SwitchProps {
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  readonly title: string;
  readonly children: string;
}

function Switch({ isOn, onChange, title, children }: SwitchProps) {
  return (
    <label className="inline-flex min-h-7 items-center gap-1.5 text-ink-muted text-xs" title={title}>
      <input
        type="checkbox"
        checked={isOn}
        onChange={(event) => onChange(event.target.checked)}
        className="accent-accent"
      />
      {children}
    </label>
  );
}
