import Link from 'next/link';
import type { ReactNode } from 'react';

interface InstanceHeaderProps {
  readonly name: string;
  readonly badge: ReactNode;
  /** The line below the name. */
  readonly children: ReactNode;
  readonly actions: ReactNode;
}

/** The head of a machine's page: its name and state, and what can be done with it. */
export function InstanceHeader({ name, badge, children, actions }: InstanceHeaderProps) {
  return (
    <header>
      <nav aria-label="Breadcrumb" className="mb-2 text-ink-muted text-xs">
        <Link href="/instances" className="hover:text-ink hover:underline">
          Instances
        </Link>
      </nav>
      <div className="flex flex-wrap items-start justify-between gap-4">
        <div className="min-w-0">
          <div className="flex flex-wrap items-center gap-3">
            <h1 className="break-words font-semibold text-2xl tracking-tight">{name}</h1>
            {badge}
          </div>
          <p className="mt-1 text-ink-muted text-xs">{children}</p>
        </div>
        {actions}
      </div>
    </header>
  );
}
