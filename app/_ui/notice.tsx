import clsx from 'clsx';
import type { ReactNode } from 'react';
import type { Tone } from './badge';

const TONES: Readonly<Record<Tone, string>> = {
  quiet: 'border-line bg-sunken',
  accent: 'border-accent/35 bg-accent-soft/60',
  ok: 'border-ok/35 bg-ok-soft/60',
  warn: 'border-warn/40 bg-warn-soft/70',
  bad: 'border-bad/40 bg-bad-soft/70',
};

interface NoticeProps {
  readonly tone?: Tone;
  readonly icon?: ReactNode;
  readonly title?: ReactNode;
  readonly children?: ReactNode;
  readonly role?: 'alert' | 'status';
  readonly className?: string;
}

/** A box that says something worth stopping for. */
export function Notice({ tone = 'quiet', icon, title, children, role, className }: NoticeProps) {
  return (
    <div role={role} className={clsx('flex gap-3 rounded-lg border px-4 py-3', TONES[tone], className)}>
      {icon ? <span className="mt-0.5 shrink-0">{icon}</span> : null}
      <div className="min-w-0 flex-1">
        {title ? <p className="font-medium">{title}</p> : null}
        {children ? <div className={clsx('text-ink-muted', title ? 'mt-0.5' : null)}>{children}</div> : null}
      </div>
    </div>
  );
}
