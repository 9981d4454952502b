import Link from 'next/link';
import { formatBytes, formatSpeed } from '../../lib/domain/bytes';
import { formatEta } from '../../lib/domain/duration';
import type { Progress } from '../../lib/domain/progress';
import type { SampleRemark } from '../../lib/domain/sample-remark';
import type { ArtifactView } from '../../lib/domain/views';
import { QuantizationBadge } from '../_copy/quantization-badge';
import { VerdictBadge } from '../_copy/status-badge';
import { PLACE_WORDS, SAMPLE_REMARK_COPY } from '../_copy/verdict-display';
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
          <HeadCell className="max-sm:hidden">Verdict</HeadCell>
          <HeadCell className="max-sm:hidden">Type</HeadCell>
          <HeadCell>File</HeadCell>
          <HeadCell className="text-right max-sm:hidden">Size</HeadCell>
          <HeadCell className="text-right max-sm:hidden">Bits/weight</HeadCell>
          <HeadCell className="max-sm:hidden">sha256</HeadCell>
          <HeadCell className="max-sm:hidden">Where</HeadCell>
          <HeadCell className="max-sm:hidden">Made</HeadCell>
          <HeadCell>
            <span className="sr-only">Download</span>
          </HeadCell>
        </>
      }
    >
      {artifacts.map((artifact) => (
        <tr key={artifact.id} className="hover:bg-quiet-soft/40">
          <Cell className="max-sm:hidden">
            <VerdictBadge verdict={artifact.verdict} />
            <RemarkWord remark={artifact.sampleRemark} />
          </Cell>
          <Cell className="max-sm:hidden">
            <QuantizationBadge type={artifact.type} />
          </Cell>
          <Cell className="max-w-80 max-sm:w-full max-sm:max-w-0">
            <span className="block truncate font-mono text-xs" title={artifact.fileName}>
              {artifact.fileName}
            </span>
            <Link
              href={`/jobs/${artifact.jobId}`}
              className="block truncate text-ink-muted text-xs hover:text-ink hover:underline"
            >
              {artifact.jobName}
            </Link>
            <span className="mt-1.5 flex flex-wrap items-center gap-2 text-ink-muted text-xs sm:hidden">
              <VerdictBadge verdict={artifact.verdict} />
              <RemarkWord remark={artifact.sampleRemark} />
              <QuantizationBadge type={artifact.type} />
              {artifact.sizeBytes === null ? null : <span className="figures">{formatBytes(artifact.sizeBytes)}</span>}
            </span>
          </Cell>
          <Cell className="figures whitespace-nowrap text-right max-sm:hidden">
            {artifact.sizeBytes === null ? '–' : formatBytes(artifact.sizeBytes)}
          </Cell>
          <Cell className="figures text-right max-sm:hidden">{bitsPerWeight(artifact)}</Cell>
          <Cell className="max-sm:hidden">
            {artifact.sha256 ? (
              <ShortHash sha256={artifact.sha256} />
            ) : (
              <span className="text-ink-faint">not taken yet</span>
            )}
          </Cell>
          <Cell className="whitespace-nowrap text-ink-muted max-sm:hidden">
            {PLACE_WORDS[artifact.place]}
            <span className="block text-xs">{artifact.instanceName}</span>
            {artifact.bringHomeProgress ? <CopyProgress progress={artifact.bringHomeProgress} /> : null}
          </Cell>
          <Cell className="text-ink-muted max-sm:hidden">
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

/** A copy that is under way: amount, speed, average, what remains. */
function CopyProgress({ progress }: { readonly progress: Progress }) {
  const { done, total, speedBytesPerSecond: speed, averageBytesPerSecond: average, etaMs } = progress;
  const lines = [
    done === null || total === null ? null : `${formatBytes(done)} of ${formatBytes(total)}`,
    speed === null ? null : `${formatSpeed(speed)}${average ? `, on average ${formatSpeed(average)}` : ''}`,
    etaMs === null ? null : `about ${formatEta(etaMs)} left`,
  ];
  return lines.map((line) =>
    line === null ? null : (
      <span key={line} className="figures block text-xs">
        {line}
      </span>
    ),
  );
}

function RemarkWord({ remark }: { readonly remark: SampleRemark | null }) {
  return remark === null ? null : (
    <span className="block text-warn text-xs" title={SAMPLE_REMARK_COPY[remark].meaning}>
      {SAMPLE_REMARK_COPY[remark].word}
    </span>
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
