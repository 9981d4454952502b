'use client';
import { useMemo } from 'react';
import { formatDuration } from '../../lib/domain/duration';
import type { HostSample } from '../../lib/domain/sample';
import { toSeries } from '../_live/sample-series';
import { useSamples } from '../_live/use-samples';
import { Card } from '../_ui/card';
import { useNow } from '../_ui/use-now';
import { type ChartSpec, chartSpecs } from './chart-specs';
import { UplotChart } from './uplot-chart';

/** Older than this, a reading is not "now" any more. */
const STALE_MS = 6000;

interface HostChartsProps {
  readonly jobId: string;
  readonly isLive: boolean;
  readonly startedAt: string | null;
}

/** What the host did while the job ran: processor, memory, disk, network, and the GPU where there is one. */
export function HostCharts({ jobId, isLive, startedAt }: HostChartsProps) {
  const { samples, state } = useSamples(jobId);
  const specs = useMemo(() => chartSpecs(samples), [samples]);
  // One reading is a point, not a line.
  const isEmpty = samples.length < 2;
  return (
    <Card title="Host" aside={<Freshness samples={samples} isLive={isLive} />} flush>
      {isEmpty ? (
        <p className="px-5 py-6 text-ink-muted">{emptyWords(state, isLive, startedAt)}</p>
      ) : (
        <div className="grid gap-px overflow-hidden rounded-b-xl bg-line sm:grid-cols-2 xl:grid-cols-4">
          {specs.map((spec) => (
            <HostChart key={spec.title} spec={spec} samples={samples} isLive={isLive} />
          ))}
        </div>
      )}
    </Card>
  );
}

function HostChart({
  spec,
  samples,
  isLive,
}: {
  readonly spec: ChartSpec;
  readonly samples: readonly HostSample[];
  readonly isLive: boolean;
}) {
  const data = useMemo(
    () =>
      toSeries(
        samples,
        spec.lines.map((line) => line.reading),
      ),
    [samples, spec],
  );
  return (
    <figure className="flex min-w-0 flex-col justify-between bg-surface px-4 pt-3.5 pb-2" aria-label={spec.title}>
      <figcaption>
        <span className="text-ink-muted text-xs">{spec.title}</span>
        <span className="figures mt-0.5 flex flex-wrap items-baseline gap-x-3">
          {spec.lines.map((line) => (
            <span key={line.name} className="font-medium text-lg">
              {spec.lines.length > 1 ? (
                <span
                  aria-hidden
                  className="mr-1.5 inline-block h-0.5 w-3 align-middle"
                  style={{ background: `var(${line.color})` }}
                />
              ) : null}
              {spec.lines.length > 1 ? (
                <span className="mr-1 font-normal font-sans text-ink-muted text-xs">{line.name}</span>
              ) : null}
              {line.now === null ? '–' : spec.format(line.now)}
            </span>
          ))}
          {spec.note ? <span className="font-normal font-sans text-ink-muted text-xs">{spec.note}</span> : null}
        </span>
        <span className="sr-only">{textAlternative(spec, isLive)}</span>
      </figcaption>
      <UplotChart data={data} colors={spec.lines.map((line) => line.color)} scale={spec.scale} max={spec.max} />
    </figure>
  );
}

/** The chart in words: what it shows to people who cannot see it. */
function textAlternative(spec: ChartSpec, isLive: boolean): string {
  const value = (figure: number | null) => (figure === null ? 'unknown' : spec.format(figure));
  return spec.lines
    .map(
      (line) =>
        `${line.name} ${isLive ? 'now' : 'at the end'} ${value(line.now)}, average ${value(line.average)}, highest ${value(line.highest)}.`,
    )
    .join(' ');
}

function Freshness({ samples, isLive }: { readonly samples: readonly HostSample[]; readonly isLive: boolean }) {
  const now = useNow(isLive);
  const last = samples.at(-1);
  if (!last || !isLive || now === null)
    return <span className="text-ink-faint text-xs">{isLive || !last ? '' : 'history of the whole job'}</span>;
  const ageMs = now - last.atMs;
  if (ageMs < STALE_MS) return <span className="text-ink-muted text-xs">one reading a second</span>;
  return <span className="text-warn text-xs">last sample {formatDuration(ageMs)} ago</span>;
}

function emptyWords(state: 'loading' | 'ready' | 'failed', isLive: boolean, startedAt: string | null): string {
  if (state === 'loading') return 'Loading the history…';
  if (state === 'failed') return 'The history could not be loaded. It is tried again when the connection is back.';
  if (startedAt === null) return 'Readings begin when the job starts.';
  return isLive ? 'Waiting for the first reading of the host.' : 'It was over before there was anything to draw.';
}
