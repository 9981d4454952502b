'use client';
import RotateCcw from 'lucide-react/icons/rotate-ccw';
import Square from 'lucide-react/icons/square';
import Trash2 from 'lucide-react/icons/trash-2';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { isTerminal } from '../../lib/domain/status';
import type { JobDetail } from '../../lib/domain/views';
import { cancelJobAction, deleteJobAction, retryJobAction } from '../_actions/job-actions';
import { ConfirmDialog } from '../_forms/confirm-dialog';
import { useFormAction } from '../_forms/use-form-action';
import { Button } from '../_ui/button';
import { SubmitButton } from '../_ui/submit-button';
import { hasProposedRepair } from './proposed-repair';

/** Cancel while it runs; "Retry from failed step" after it failed; delete once it has ended. */
export function JobActions({ job }: { readonly job: JobDetail }) {
  const router = useRouter();
  const [dialog, setDialog] = useState<'cancel' | 'delete' | null>(null);
  const retry = useFormAction(retryJobAction, () => router.refresh());
  const ended = isTerminal(job.status);
  return (
    <div className="flex items-center gap-2">
      {ended ? (
        <Button
          look="ghost"
          onClick={() => setDialog('delete')}
          aria-label="Delete job"
          title="Delete job"
          className="px-2.5"
        >
          <Trash2 size={15} aria-hidden />
        </Button>
      ) : (
        <Button look="danger" onClick={() => setDialog('cancel')} disabled={job.cancelRequested}>
          <Square size={13} aria-hidden />
          {job.cancelRequested ? 'Canceling…' : 'Cancel'}
        </Button>
      )}
      {canRetry(job) ? (
        <SubmitButton isPending={retry.isPending} onClick={() => retry.run({ jobId: job.id })} type="button">
          <RotateCcw size={14} aria-hidden />
          {job.status === 'failed' ? 'Retry from failed step' : 'Continue'}
        </SubmitButton>
      ) : null}
      <ConfirmDialog
        open={dialog === 'cancel'}
        onClose={() => setDialog(null)}
        title="Cancel this job?"
        action={cancelJobAction}
        fields={{ jobId: job.id }}
        confirm="Cancel job"
        keep="Keep running"
      >
        Everything it started on {job.instanceName} is ended. What is finished is kept, and you can continue it later.
      </ConfirmDialog>
      <ConfirmDialog
        open={dialog === 'delete'}
        onClose={() => setDialog(null)}
        onDone={() => router.push('/jobs')}
        title="Delete this job?"
        action={deleteJobAction}
        fields={{ jobId: job.id }}
        confirm="Delete job"
        keep="Keep it"
      >
        Its log, its charts and its files on the dashboard’s disk are deleted.
      </ConfirmDialog>
      {retry.failure ? (
        <p role="alert" className="max-w-60 text-bad text-xs">
          {retry.failure.message}
        </p>
      ) : null}
    </div>
  );
}

function canRetry(job: JobDetail): boolean {
  // A contradiction is answered by the repair in the panel below; trying again would only stop again.
  if (job.status === 'failed' && hasProposedRepair(job)) return false;
  return job.status === 'failed' || job.status === 'canceled';
}
