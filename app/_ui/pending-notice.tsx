import LoaderCircle from 'lucide-react/icons/loader-circle';
import type { ReactNode } from 'react';
import { Notice } from './notice';

interface PendingNoticeProps {
  readonly title: string;
  readonly children: ReactNode;
}

/** Says what the page waits for. */
export function PendingNotice({ title, children }: PendingNoticeProps) {
  return (
    <Notice
      tone="accent"
      role="status"
      icon={<LoaderCircle size={18} aria-hidden className="animate-spin text-accent [animation-duration:2.4s]" />}
      title={title}
    >
      {children}
    </Notice>
  );
}
