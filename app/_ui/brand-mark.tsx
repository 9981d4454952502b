import clsx from 'clsx';

/** The staircase of bits: sixteen, eight, four, three. */
export function BrandMark({ className }: { readonly className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className={clsx('size-6', className)} fill="currentColor">
      <rect x="2" y="3" width="20" height="3.6" rx="1.3" />
      <rect x="2" y="8.2" width="14" height="3.6" rx="1.3" opacity=".8" />
      <rect x="2" y="13.4" width="9" height="3.6" rx="1.3" opacity=".62" />
      <rect x="2" y="18.6" width="5" height="3.6" rx="1.3" className="text-warn" />
    </svg>
  );
}
