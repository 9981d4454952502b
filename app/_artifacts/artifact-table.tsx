import Link from 'next/link';
import { formatBytes } from '../../lib/domain/bytes';
import type { ArtifactView } from '../../lib/domain/views';
import { QuantizationBadge } from '../_copy/quantization-badge';
import { VerdictBadge } from '../_copy/status-badge';
import { PLACE_WORDS } from '../_copy/verdict-display';
import { ArtifactButtons } from '../_job/artifact-buttons';
import { CopyButton } from '../_ui/copy-button';
import { Cell, DataTable, HeadCell } from '../_ui/data-table';
import { RelativeTime } from '../_ui/relative-time';

/** Files as rows. */
export function ArtifactTable({ artifacts }: { readonly artifacts: readonly ArtifactView[] }) {
  return (
    <DataTable
      label="Artifacts"
      head={
        <>
          <HeadCell>Verdict</HeadCell>
          <HeadCell>Type</HeadCell>
          <HeadCell>File</HeadCell>
          <HeadCell className="text-right">Size</HeadCell>
          <HeadCell className="text-right">Bits/weight</HeadCell>
          <HeadCell>sha256</HeadCell>
          <HeadCell>Where</HeadCell>
          <HeadCell>Made</HeadCell>
          <HeadCell>
            <span className="sr-only">Download</span>
          </HeadCell>
        </>
      }
    >
      {artifacts.map((artifact) => (
        <tr key={artifact.id} className="hover:bg-quiet-soft/40">
          <Cell>
            <VerdictBadge verdict={artifact.verdict} />
          </Cell>
          <Cell>
            <QuantizationBadge type={artifact.type} />
          </Cell>
          <Cell className="max-w-80">
            <span className="block truncate font-mono text-xs" title={artifact.fileName}>
              {artifact.fileName}
            </span>
            <Link
              href={`/jobs/${artifact.jobId}`}
              className="block truncate text-ink-muted text-xs hover:text-ink hover:underline"
            >
              {artifact.jobName}
            </Link>
          </Cell>
          <Cell className="figures whitespace-nowrap text-right">
            {artifact.sizeBytes === null ? '–' : formatBytes(artifact.sizeBytes)}
          </Cell>
          <Cell className="figures text-right">{bitsPerWeight(artifact)}</Cell>
          <Cell>
            {artifact.sha256 ? (
              <ShortHash sha256={artifact.sha256} />
            ) : (
              <span className="text-ink-faint">not taken yet</span>
            )}
          </Cell>
          <Cell className="whitespace-nowrap text-ink-muted">
            {PLACE_WORDS[artifact.place]}
            <span className="block text-xs">{artifact.instanceName}</span>
          </Cell>
          <Cell className="text-ink-muted">
            <RelativeTime at={artifact.createdAt} />
          </Cell>
          <Cell>
            <ArtifactButtons artifact={artifact} />
          </Cell>
        </tr>
      ))}
    </DataTable>
  );
}

function ShortHash({ sha256 }: { readonly sha256: string }) {
  return (
    <span className="flex items-center gap-1.5 font-mono text-ink-muted text-xs" title={sha256}>
      {sha256.slice(0, 10)}
      <CopyButton text={sha256} what="sha256" />
    </span>
  );
}

function bitsPerWeight(artifact: ArtifactView): string {
  if (artifact.sizeBytes === null || !artifact.parameterCount) return '–';
  return ((artifact.sizeBytes * 8) / artifact.parameterCount).toFixed(2);
}
