import clsx from 'clsx';
import type { ReactNode } from 'react';

/** One number with its name. */
export function Stat({
  label,
  value,
  note,
  className,
}: {
  readonly label: string;
  readonly value: ReactNode;
  readonly note?: ReactNode;
  readonly className?: string;
}) {
  return (
    <div className={clsx('min-w-0', className)}>
      <dt className="text-ink-faint text-xs">{label}</dt>
      <dd className="figures mt-0.5 truncate font-medium text-lg">{value}</dd>
      {note ? <dd className="text-ink-muted text-xs">{note}</dd> : null}
    </div>
  );
}

/** Rows of "name: value"; one column on a phone. */
export function FactList({ facts }: { readonly facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-[minmax(6rem,auto)_1fr] gap-x-5 gap-y-2">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-ink-muted">{name}</dt>
          <dd className="min-w-0 break-words">{value ?? <span className="text-ink-faint">unknown</span>}</dd>
        </div>
      ))}
    </dl>
  );
}
