import clsx from 'clsx';
import ChevronRight from 'lucide-react/icons/chevron-right';
import type { ReactNode } from 'react';

interface FoldedProps {
  readonly title: string;
  readonly words: string;
  readonly isOpen?: boolean;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** A part of a card that nobody has to look at, behind its title. */
export function Folded({ title, words, isOpen = false, className, children }: FoldedProps) {
  return (
    <details className={clsx('group', className)} open={isOpen || undefined}>
      <summary className="flex items-center gap-2 px-4 py-3 hover:bg-quiet-soft/40 sm:px-5">
        <ChevronRight
          size={15}
          aria-hidden
          className="shrink-0 text-ink-faint transition-transform group-open:rotate-90"
        />
        <span className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium">{title}</span>
          <span className="text-ink-muted text-xs">{words}</span>
        </span>
      </summary>
      <div className="border-t">{children}</div>
    </details>
  );
}
