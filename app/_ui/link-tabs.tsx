import clsx from 'clsx';
import Link from 'next/link';

interface LinkTab {
  readonly href: string;
  readonly label: string;
  readonly count?: number;
  readonly active: boolean;
}

/** A row of filters that live in the URL: each is a link, the chosen one is marked. */
export function LinkTabs({ label, tabs }: { readonly label: string; readonly tabs: readonly LinkTab[] }) {
  return (
    <nav aria-label={label} className="flex flex-wrap gap-1">
      {tabs.map((tab) => (
        <Link
          key={tab.href}
          href={tab.href}
          aria-current={tab.active ? 'page' : undefined}
          className={clsx(
            'inline-flex h-8 items-center gap-1.5 rounded-md px-2.5 font-medium text-sm',
            tab.active ? 'bg-quiet-soft text-ink' : 'text-ink-muted hover:bg-quiet-soft hover:text-ink',
          )}
        >
          {tab.label}
          {tab.count === undefined ? null : <span className="figures text-ink-faint text-xs">{tab.count}</span>}
        </Link>
      ))}
    </nav>
  );
}
