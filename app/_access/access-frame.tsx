import type { ReactNode } from 'react';
import { BrandMark } from '../_ui/brand-mark';

interface AccessFrameProps {
  readonly title: string;
  readonly lead: string;
  readonly children: ReactNode;
}

/** The frame of the pages before the login. */
export function AccessFrame({ title, lead, children }: AccessFrameProps) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-sm flex-col justify-center px-6 py-12">
      <BrandMark className="size-9 text-accent" />
      <h1 className="mt-6 font-semibold text-2xl tracking-tight">{title}</h1>
      <p className="mt-1 mb-7 text-ink-muted">{lead}</p>
      {children}
    </main>
  );
}
