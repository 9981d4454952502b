'use client';
import Wrench from 'lucide-react/icons/wrench';
import { useRouter } from 'next/navigation';
import type { Failure } from '../../lib/domain/failure';
import type { JobDetail } from '../../lib/domain/views';
import { approveRepairAction } from '../_actions/job-actions';
import { FailureNotice } from '../_copy/failure-notice';
import { FileRepairList } from '../_copy/file-repair-list';
import { useFormAction } from '../_forms/use-form-action';
import { lineAddress } from '../_log/line-link';
import { QuestionFields } from '../_questions/question-fields';
import { SubmitButton } from '../_ui/submit-button';
import { ContradictionTable } from './contradiction-table';
import { hasProposedRepair } from './proposed-repair';
import { RemedyButtons } from './remedy-buttons';

interface FailurePanelProps {
  readonly job: JobDetail;
  readonly failure: Failure;
  /** The newest check of the same model, where there is one. */
  readonly checkId: string | null;
}

/** Why the job stopped, what to do, and, where we can do it, the button. */
export function FailurePanel({ job, failure, checkId }: FailurePanelProps) {
  if (failure.code === 'canceled') return null;
  if (!hasProposedRepair(job)) {
    return (
      <FailureNotice failure={failure} evidenceHref={(index) => lineOf(job, failure, index)}>
        <RemedyButtons job={job} checkId={checkId} />
      </FailureNotice>
    );
  }
  return (
    <FailureNotice failure={withoutRepetition(job, failure)}>
      <RepairForm job={job} />
    </FailureNotice>
  );
}

/** The form below says each field with its proof; a failure of several says them all in one sentence. */
function withoutRepetition({ inspection }: JobDetail, failure: Failure): Failure {
  if ((inspection?.questions ?? []).length === 0) return { ...failure, evidence: [] };
  return {
    ...failure,
    message: 'What the tensors prove is repaired once you approve it. What they cannot tell, only you can say.',
    remedy: 'Nothing is assumed for you: choose below, or take config.json from the base model.',
    evidence: [],
  };
}

/** The line in the log of the step that failed. */
function lineOf({ id, steps }: JobDetail, failure: Failure, index: number): string | null {
  const failed = steps.filter(({ status }) => status === 'failed');
  const step = failed.find((one) => one.failure?.message === failure.message) ?? failed[0];
  const offset = failure.evidenceOffsets?.[index] ?? null;
  return step && offset !== null ? lineAddress(`/jobs/${id}`, step.key, offset) : null;
}

/** The proposed changes, and the questions that nothing answers, in one form that goes on with the job. */
function RepairForm({ job }: { readonly job: JobDetail }) {
  const router = useRouter();
  const form = useFormAction(approveRepairAction, () => router.refresh());
  const { errors } = form;
  const { proposedPatch, proposedFileRepairs, inspection } = job;
  const questions = inspection?.questions ?? [];
  return (
    <form onSubmit={form.onSubmit} noValidate aria-label="Repair">
      <input type="hidden" name="jobId" value={job.id} />
      <input type="hidden" name="patch" value={JSON.stringify(proposedPatch ?? {})} />
      {Object.keys(proposedPatch ?? {}).length > 0 ? (
        <ContradictionTable
          contradictions={(inspection?.contradictions ?? []).filter(({ field }) =>
            Object.hasOwn(proposedPatch ?? {}, field),
          )}
          patch={proposedPatch ?? {}}
        />
      ) : null}
      <FileRepairList files={proposedFileRepairs} className="mt-3 space-y-1" />
      {questions.length > 0 ? (
        <div className="mt-3 rounded-lg border bg-surface text-ink max-sm:-ml-7.5">
          <input type="hidden" name="mustAnswer" value="yes" />
          <QuestionFields questions={questions} errors={errors} />
        </div>
      ) : null}
      <div className="mt-4 flex flex-wrap items-center gap-x-4 gap-y-2">
        <SubmitButton isPending={form.isPending} pendingText="Continuing…">
          <Wrench size={15} aria-hidden />
          {questions.length > 0
            ? 'Answer, repair and continue'
            : proposedFileRepairs.length > 0
              ? 'Repair and continue'
              : 'Repair config.json and continue'}
        </SubmitButton>
        <span className="text-xs">The original is kept beside it; the change is recorded with the job.</span>
      </div>
      {form.failure ? (
        <p role="alert" className="wrap-anywhere mt-2 text-bad">
          {errors['form'] ?? form.failure.message}
        </p>
      ) : null}
    </form>
  );
}
