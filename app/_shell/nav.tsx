'use client';
import clsx from 'clsx';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { isCurrent, NAV_ITEMS } from './nav-items';

/** The navigation: a column beside the page, or a bar under the thumb on a phone. */
export function Nav({ shape }: { readonly shape: 'column' | 'bar' }) {
  const path = usePathname();
  return (
    <nav aria-label="Main" className={shape === 'bar' ? 'grid grid-cols-6' : 'flex flex-col gap-0.5'}>
      {NAV_ITEMS.map((item) => {
        const current = isCurrent(item.href, path);
        return (
          <Link
            key={item.href}
            href={item.href}
            aria-current={current ? 'page' : undefined}
            className={clsx(
              'relative flex items-center font-medium transition-colors',
              shape === 'bar' ? 'flex-col gap-0.5 pt-2 pb-1.5 text-[0.6875rem]' : 'h-9 gap-3 rounded-lg px-3 text-sm',
              current ? 'text-ink' : 'text-ink-muted hover:text-ink',
              shape === 'column' && (current ? 'bg-quiet-soft' : 'hover:bg-quiet-soft/60'),
            )}
          >
            {current ? (
              <span
                aria-hidden
                className={clsx(
                  'absolute rounded-full bg-accent',
                  shape === 'bar' ? 'inset-x-5 top-0 h-0.5' : 'top-2 bottom-2 left-0 w-[3px]',
                )}
              />
            ) : null}
            <item.icon
              size={shape === 'bar' ? 19 : 17}
              strokeWidth={1.8}
              aria-hidden
              className={current ? 'text-accent' : undefined}
            />
            {item.label}
          </Link>
        );
      })}
    </nav>
  );
}
