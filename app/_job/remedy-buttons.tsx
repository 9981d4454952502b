'use client';
import { useRouter } from 'next/navigation';
import type { StepKind } from '../../lib/domain/step-key';
import type { JobDetail } from '../../lib/domain/views';
import { retryJobAction } from '../_actions/job-actions';
import { type Remedy, remediesOf } from '../_copy/failure-remedies';
import { useFormAction } from '../_forms/use-form-action';
import { ButtonLink } from '../_ui/button';
import { SubmitButton } from '../_ui/submit-button';

interface RemedyButtonsProps {
  readonly job: JobDetail;
  /** The newest check of the same model, where there is one. */
  readonly checkId: string | null;
}

/** What can be done about a failed job, the most promising first. */
export function RemedyButtons({ job, checkId }: RemedyButtonsProps) {
  const router = useRouter();
  const retry = useFormAction(retryJobAction, () => router.refresh());
  const remedies = job.failure ? remediesOf(job.failure.code).filter((remedy) => isPossible(remedy, job)) : [];
  if (remedies.length === 0) return null;
  return (
    <div className="mt-4 flex flex-wrap items-center gap-2">
      {remedies.map((remedy, index) => {
        const look = index === 0 ? 'primary' : 'secondary';
        const link = linkOf(remedy, job, checkId);
        if (link)
          return (
            <ButtonLink key={remedy} href={link.href} look={look}>
              {link.words}
            </ButtonLink>
          );
        const { from, words } = RETRIES[remedy as keyof typeof RETRIES];
        return (
          <SubmitButton
            key={remedy}
            type="button"
            look={look}
            isPending={retry.isPending}
            onClick={() => retry.run({ jobId: job.id, from })}
          >
            {words}
          </SubmitButton>
        );
      })}
      {retry.failure ? (
        <p role="alert" className="text-bad">
          {retry.failure.message}
        </p>
      ) : null}
    </div>
  );
}

const RETRIES = {
  retry: { from: '', words: 'Try again' },
  'fetch-again': { from: 'fetch-model', words: 'Fetch the files again and continue' },
  'inspect-again': { from: 'inspect-model', words: 'Look for a repair and continue' },
} as const satisfies Partial<Record<Remedy, { from: StepKind | ''; words: string }>>;

function linkOf(remedy: Remedy, job: JobDetail, checkId: string | null): { href: string; words: string } | null {
  const again = `/jobs/new?job=${encodeURIComponent(job.id)}`;
  switch (remedy) {
    case 'other-host':
      return { href: `${again}&host=other`, words: 'Run it on another host' };
    case 'other-types':
      return { href: again, words: 'Choose other files' };
    case 'hub-token':
      return { href: '/settings#hfToken', words: 'Put a token into the settings' };
    case 'instance':
      return { href: `/instances/${job.instanceId}`, words: 'Look at the host' };
    case 'check-report':
      return checkId === null
        ? { href: `/checks?${checkQuery(job)}`, words: 'Check the model' }
        : { href: `/checks/${checkId}`, words: 'Open the check report' };
    default:
      return null;
  }
}

function checkQuery({ spec }: JobDetail): URLSearchParams {
  const { source, instanceId } = spec;
  if (source.kind === 'hub') return new URLSearchParams({ source: source.repo });
  return new URLSearchParams({
    source: source.path,
    ...(source.location === 'host' ? { instance: instanceId } : {}),
  });
}

/** Files of a folder are where they are; a step that the job never reached cannot be done again. */
function isPossible(remedy: Remedy, { spec, steps }: JobDetail): boolean {
  if (remedy === 'fetch-again') return spec.source.kind === 'hub';
  if (remedy !== 'inspect-again') return true;
  return steps.some(({ kind, status }) => kind === 'inspect-model' && status === 'succeeded');
}
