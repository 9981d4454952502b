import Link from 'next/link';
import { formatBytes } from '../../lib/domain/bytes';
import type { ArtifactView } from '../../lib/domain/views';
import { QuantizationBadge } from '../_copy/quantization-badge';
import { VerdictBadge } from '../_copy/status-badge';
import { PLACE_WORDS } from '../_copy/verdict-display';

/** The newest files with their verdicts. */
export function ArtifactList({ artifacts }: { readonly artifacts: readonly ArtifactView[] }) {
  if (artifacts.length === 0) {
    return <p className="px-5 py-6 text-ink-muted">Files appear here as soon as a job has made one.</p>;
  }
  return (
    <ul className="divide-y">
      {artifacts.map((artifact) => (
        <li
          key={artifact.id}
          className="relative flex flex-wrap items-center gap-x-4 gap-y-1.5 px-4 py-3 hover:bg-quiet-soft/40 sm:px-5"
        >
          <QuantizationBadge type={artifact.type} />
          <div className="min-w-0 flex-1 basis-48">
            <Link
              href={`/jobs/${artifact.jobId}`}
              className="block truncate font-mono text-xs leading-6 after:absolute after:inset-0"
            >
              {artifact.fileName}
            </Link>
            <p className="text-ink-muted text-xs">
              {artifact.sizeBytes === null ? null : (
                <span className="figures">{formatBytes(artifact.sizeBytes)} · </span>
              )}
              {PLACE_WORDS[artifact.place]}
            </p>
          </div>
          <VerdictBadge verdict={artifact.verdict} />
        </li>
      ))}
    </ul>
  );
}
