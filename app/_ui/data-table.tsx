import clsx from 'clsx';
import type { ReactNode } from 'react';

interface DataTableProps {
  /** Read out by screen readers as the table's name. */
  readonly label: string;
  readonly head: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
}

/** A dense table that scrolls sideways inside its own box when the screen is narrower than it. */
export function DataTable({ label, head, children, className }: DataTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard (axe: scrollable-region-focusable)
    <section aria-label={label} className={clsx('relative overflow-x-auto', className)} tabIndex={0}>
      <table className="w-full border-collapse text-left">
        <caption className="sr-only">{label}</caption>
        <thead>
          <tr className="border-b text-ink-faint text-xs">{head}</tr>
        </thead>
        <tbody className="[&>tr+tr]:border-t">{children}</tbody>
      </table>
    </section>
  );
}

/** A column's heading. */
export function HeadCell({ children, className }: { readonly children?: ReactNode; readonly className?: string }) {
  return (
    <th
      scope="col"
      className={clsx(
        'whitespace-nowrap px-3 py-2 font-medium first:pl-4 last:pr-4 sm:last:pr-5 sm:first:pl-5',
        className,
      )}
    >
      {children}
    </th>
  );
}

/** A cell. */
export function Cell({ children, className }: { readonly children?: ReactNode; readonly className?: string }) {
  return (
    <td className={clsx('px-3 py-2.5 align-middle first:pl-4 last:pr-4 sm:last:pr-5 sm:first:pl-5', className)}>
      {children}
    </td>
  );
}
