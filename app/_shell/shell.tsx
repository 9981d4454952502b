import LogOut from 'lucide-react/icons/log-out';
import Plus from 'lucide-react/icons/plus';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { logOutAction } from '../_actions/access-actions';
import { ConnectionBadge } from '../_live/connection-badge';
import { RentalBanner } from '../_rental/rental-banner';
import { RentalMeter } from '../_rental/rental-meter';
import { BrandMark } from '../_ui/brand-mark';
import { ButtonLink } from '../_ui/button';
import { Nav } from './nav';
import type { Theme } from './theme';
import { ThemeToggle } from './theme-toggle';

interface ShellProps {
  readonly userName: string;
  readonly theme: Theme;
  readonly children: ReactNode;
}

/** What is around every page: a sidebar from 1024 px on, a top bar and a thumb bar below that. */
export function Shell({ userName, theme, children }: ShellProps) {
  return (
    <div className="lg:grid lg:min-h-dvh lg:grid-cols-[13.5rem_minmax(0,1fr)]">
      <a
        href="#main"
        className="sr-only z-50 rounded-lg bg-accent px-4 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <aside
        aria-label="Sidebar"
        className="sticky top-0 hidden h-dvh flex-col border-r bg-sunken/60 px-3 py-4 lg:flex"
      >
        <Brand />
        <ButtonLink href="/jobs/new" look="primary" className="mt-5 mb-5 w-full">
          <Plus size={16} aria-hidden />
          New job
        </ButtonLink>
        <Nav shape="column" />
        <div className="mt-auto space-y-3 border-t px-1 pt-3">
          <RentalMeter shape="column" />
          <div className="flex items-center justify-between gap-2">
            <ConnectionBadge className="px-2" />
          </div>
          <div className="flex items-center justify-between gap-2">
            <ThemeToggle initial={theme} />
            <LogOutButton userName={userName} />
          </div>
        </div>
      </aside>
      <header className="sticky top-0 z-30 flex h-13 items-center justify-between gap-3 border-b bg-canvas/95 px-4 backdrop-blur lg:hidden">
        <Brand />
        <span className="flex items-center gap-3">
          <RentalMeter shape="bar" />
          <ConnectionBadge />
        </span>
      </header>
      <main id="main" className="min-w-0 px-4 pt-6 pb-28 sm:px-6 lg:px-8 lg:pt-8 lg:pb-16">
        <div className="mx-auto max-w-[88rem]">
          <RentalBanner />
          {children}
        </div>
        <div className="mt-10 flex items-center justify-between border-t pt-4 lg:hidden">
          <ThemeToggle initial={theme} />
          <LogOutButton userName={userName} />
        </div>
      </main>
      <div className="fixed inset-x-0 bottom-0 z-30 border-t bg-canvas/95 pb-[env(safe-area-inset-bottom)] backdrop-blur lg:hidden">
        <Nav shape="bar" />
      </div>
    </div>
  );
}

function Brand() {
  return (
    <Link href="/" className="flex items-center gap-2.5 px-2 font-semibold text-base tracking-tight">
      <BrandMark className="size-5 text-accent" />
      Quantdeck
    </Link>
  );
}

function LogOutButton({ userName }: { readonly userName: string }) {
  return (
    <form action={logOutAction}>
      <button
        type="submit"
        title={`Log out ${userName}`}
        className="inline-flex h-8 items-center gap-1.5 rounded-md px-2 text-ink-muted text-xs hover:bg-quiet-soft hover:text-ink"
      >
        <LogOut size={14} aria-hidden />
        Log out
      </button>
    </form>
  );
}
