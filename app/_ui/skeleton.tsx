import clsx from 'clsx';

/** A shape where content will be. */
export function Skeleton({ className }: { readonly className?: string }) {
  return <div aria-hidden className={clsx('animate-breathe rounded-lg bg-quiet-soft', className)} />;
}
