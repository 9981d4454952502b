'use client';
import Download from 'lucide-react/icons/download';
import House from 'lucide-react/icons/house';
import { useRouter } from 'next/navigation';
import type { ArtifactView } from '../../lib/domain/views';
import { bringHomeAction } from '../_actions/job-actions';
import { useFormAction } from '../_forms/use-form-action';
import { buttonClasses } from '../_ui/button';
import { SubmitButton } from '../_ui/submit-button';

/** Download, and "bring home" while the file is only on its host. */
export function ArtifactButtons({ artifact }: { readonly artifact: ArtifactView }) {
  const router = useRouter();
  const bringHome = useFormAction(bringHomeAction, () => router.refresh());
  if (artifact.place === 'gone') return <p className="text-ink-muted text-xs">The file is no longer anywhere.</p>;
  const isComing = artifact.bringHomeState === 'requested' || artifact.bringHomeState === 'running';
  const failure = bringHome.failure ?? artifact.bringHomeFailure;
  return (
    <div className="flex flex-wrap items-start gap-2 xl:flex-col xl:items-stretch">
      <a
        href={`/api/v1/artifacts/${encodeURIComponent(artifact.id)}/content`}
        download={artifact.fileName}
        className={buttonClasses('secondary', 'small')}
      >
        <Download size={14} aria-hidden />
        Download<span className="sr-only"> {artifact.fileName}</span>
      </a>
      {artifact.place === 'host' ? (
        <SubmitButton
          look="ghost"
          size="small"
          type="button"
          isPending={bringHome.isPending || isComing}
          pendingText={`Bringing home…${percentOf(artifact.bringHomeProgress?.fraction)}`}
          onClick={() => bringHome.run({ artifactId: artifact.id })}
        >
          <House size={14} aria-hidden />
          Bring home
        </SubmitButton>
      ) : null}
      {failure ? <p className="max-w-48 text-bad text-xs">{failure.message}</p> : null}
    </div>
  );
}

function percentOf(fraction: number | null | undefined): string {
  return fraction ? ` ${Math.floor(fraction * 100)} %` : '';
}
