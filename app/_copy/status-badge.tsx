import clsx from 'clsx';
import type { Verdict } from '../../lib/domain/artifact';
import type { JobStatus } from '../../lib/domain/status';
import { Badge } from '../_ui/badge';
import { JOB_STATUS_DISPLAY } from './status-display';
import { VERDICT_DISPLAY } from './verdict-display';

/** A job's status as icon and word; "Canceling" while the host has yet to obey. */
export function JobStatusBadge({
  status,
  cancelRequested = false,
}: {
  readonly status: JobStatus;
  readonly cancelRequested?: boolean;
}) {
  const display = JOB_STATUS_DISPLAY[status];
  const canceling = cancelRequested && (status === 'running' || status === 'queued');
  return (
    <Badge tone={canceling ? 'warn' : display.tone}>
      <display.icon size={13} aria-hidden className={clsx(display.spins && 'animate-spin [animation-duration:2.4s]')} />
      {canceling ? 'Canceling' : display.word}
    </Badge>
  );
}

/** A verdict as icon and word. */
export function VerdictBadge({ verdict }: { readonly verdict: Verdict }) {
  const display = VERDICT_DISPLAY[verdict];
  return (
    <Badge tone={display.tone}>
      <display.icon size={13} aria-hidden />
      {display.word}
    </Badge>
  );
}
