import CircleAlert from 'lucide-react/icons/circle-alert';
import type { ReactNode } from 'react';
import type { Failure } from '../../lib/domain/failure';
import { Notice } from '../_ui/notice';
import { ScrollText } from '../_ui/scroll-text';
import { failureTitle } from './failure-copy';

interface FailureNoticeProps {
  readonly failure: Failure;
  readonly children?: ReactNode;
}

/** A failure in full: title, what happened, what to do, the lines that show it, and whatever button helps. */
export function FailureNotice({ failure, children }: FailureNoticeProps) {
  return (
    <Notice
      tone="bad"
      role="alert"
      icon={<CircleAlert size={18} aria-hidden className="text-bad" />}
      title={failureTitle(failure.code)}
    >
      <p className="text-ink">{failure.message}</p>
      {failure.remedy ? <p className="mt-1.5">{failure.remedy}</p> : null}
      <Evidence lines={failure.evidence} />
      {children}
    </Notice>
  );
}

/** Lines of output that show a failure; long ones are folded away behind the first few. */
export function Evidence({ lines }: { readonly lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <ScrollText
      text={lines.join('\n')}
      label="Evidence"
      className="mt-3 max-h-56 rounded-md border bg-log px-3 py-2 text-ink"
    />
  );
}
