import clsx from 'clsx';
import type { ReactNode } from 'react';

interface CardProps {
  readonly title?: ReactNode;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
  /** Tables bring their own padding. */
  readonly flush?: boolean;
  readonly id?: string;
}

/** A titled panel; a title of words is a heading of the second level. */
export function Card({ title, aside, children, className, flush = false, id }: CardProps) {
  return (
    <section id={id} className={clsx('min-w-0 rounded-xl border bg-surface shadow-card', className)}>
      {title || aside ? (
        <div className="flex min-h-12 flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b px-4 py-2 sm:px-5">
          {typeof title === 'string' ? <h2 className="font-semibold text-sm">{title}</h2> : title}
          {aside}
        </div>
      ) : null}
      <div className={flush ? undefined : 'p-4 sm:p-5'}>{children}</div>
    </section>
  );
}
