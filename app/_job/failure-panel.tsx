'use client';
import Wrench from 'lucide-react/icons/wrench';
import { useRouter } from 'next/navigation';
import type { Failure } from '../../lib/domain/failure';
import type { JobDetail } from '../../lib/domain/views';
import { approveRepairAction } from '../_actions/job-actions';
import { FailureNotice } from '../_copy/failure-notice';
import { fileRepairText } from '../_copy/file-repair-text';
import { useFormAction } from '../_forms/use-form-action';
import { SubmitButton } from '../_ui/submit-button';
import { ContradictionTable } from './contradiction-table';
import { hasProposedRepair } from './proposed-repair';

/** Why the job stopped, what to do, and, where we can do it, the button. */
export function FailurePanel({ job, failure }: { readonly job: JobDetail; readonly failure: Failure }) {
  const router = useRouter();
  const repair = useFormAction(approveRepairAction, () => router.refresh());
  const offersRepair = hasProposedRepair(job);
  if (failure.code === 'canceled') return null;
  return (
    <FailureNotice failure={offersRepair ? { ...failure, evidence: [] } : failure}>
      {offersRepair ? (
        <>
          {Object.keys(job.proposedPatch ?? {}).length > 0 ? (
            <ContradictionTable contradictions={job.inspection?.contradictions ?? []} patch={job.proposedPatch ?? {}} />
          ) : null}
          {job.proposedFileRepairs.length > 0 ? (
            <ul className="mt-3 space-y-1">
              {job.proposedFileRepairs.map((file) => (
                <li key={JSON.stringify(file)}>{fileRepairText(file)}</li>
              ))}
            </ul>
          ) : null}
          <div className="mt-4 flex flex-wrap items-center gap-x-4 gap-y-2">
            <SubmitButton
              type="button"
              isPending={repair.isPending}
              pendingText="Continuing…"
              onClick={() => repair.run({ jobId: job.id, patch: JSON.stringify(job.proposedPatch ?? {}) })}
            >
              <Wrench size={15} aria-hidden />
              {job.proposedFileRepairs.length > 0 ? 'Repair and continue' : 'Repair config.json and continue'}
            </SubmitButton>
            <span className="text-xs">The original is kept beside it; the change is recorded with the job.</span>
          </div>
        </>
      ) : null}
      {repair.result && !repair.result.ok ? (
        <p role="alert" className="mt-2 text-bad">
          {repair.result.failure.message}
        </p>
      ) : null}
    </FailureNotice>
  );
}
