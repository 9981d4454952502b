import { formatBytes } from '../../lib/domain/bytes';
import type { HostFacts } from '../../lib/domain/instance';
import { Skeleton } from '../_ui/skeleton';
import { FactList } from '../_ui/stat';

/** What a check found. Unknown stays unknown: never a made-up zero. */
export function HostFactsTable({
  facts,
  isChecking,
}: {
  readonly facts: HostFacts | null;
  readonly isChecking: boolean;
}) {
  if (!facts) {
    if (!isChecking) return <p className="text-ink-muted">Test the connection to see what this machine has.</p>;
    return (
      <div className="space-y-2.5">
        <Skeleton className="h-4 w-2/3" />
        <Skeleton className="h-4 w-1/2" />
        <Skeleton className="h-4 w-3/5" />
      </div>
    );
  }
  return (
    <FactList
      facts={[
        ['System', [facts.os, facts.kernel, facts.architecture].filter(Boolean).join(' · ') || null],
        ['Processor', facts.cpuModel],
        ['Cores to use', facts.cores],
        ['Memory', ofTotal(facts.memoryAvailableBytes, facts.memoryTotalBytes, 'available')],
        ['Disk', ofTotal(facts.diskFreeBytes, facts.diskTotalBytes, 'free')],
        [
          'GPU',
          facts.gpus.length === 0 ? 'none: not needed, converting and quantizing run on the CPU' : gpuWords(facts),
        ],
        ['Python', facts.pythonVersion ?? 'none found'],
        ['C library', facts.glibcVersion === null ? null : `glibc ${facts.glibcVersion}`],
        [
          'Home folder',
          facts.homeFolder === null ? null : (
            <span key="home" className="break-all font-mono text-xs">
              {facts.homeFolder}
            </span>
          ),
        ],
      ]}
    />
  );
}

function ofTotal(part: number | null, total: number | null, word: string): string | null {
  if (part === null && total === null) return null;
  if (part === null) return formatBytes(total ?? 0);
  return total === null ? `${formatBytes(part)} ${word}` : `${formatBytes(part)} ${word} of ${formatBytes(total)}`;
}

function gpuWords(facts: HostFacts): string {
  return facts.gpus
    .map((gpu) =>
      [
        gpu.name,
        gpu.memoryTotalBytes === null ? null : formatBytes(gpu.memoryTotalBytes),
        gpu.driver ? `driver ${gpu.driver}` : null,
      ]
        .filter(Boolean)
        .join(' · '),
    )
    .join('; ');
}
