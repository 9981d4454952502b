import type { RentalView } from '../../lib/domain/rental';

const WIDTH = 120;
const HEIGHT = 24;

/** How busy a rented machine is, by the service's own gauges: the present figures, and the looks before as a line. */
export function Utilization({ rental }: { readonly rental: Pick<RentalView, 'seen' | 'utilization'> }) {
  const { seen, utilization: trail } = rental;
  if (seen === null) return null;
  const { gpuUtilizationPercent: gpuPercent, cpuUtilizationPercent: cpuPercent } = seen.gauges;
  const [first] = trail;
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs">
      {first && trail.length > 1 ? (
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          className="h-6 w-30 rounded-sm bg-sunken"
          role="img"
          aria-label={`GPU and processor over the last ${trail.length} looks`}
        >
          <title>{`The last ${trail.length} looks, since ${first.at.slice(11, 16)} UTC`}</title>
          <path
            d={sparkPath(trail.map((look) => look.cpuPercent))}
            fill="none"
            stroke="var(--chart-2)"
            strokeWidth={1.5}
          />
          <path
            d={sparkPath(trail.map((look) => look.gpuPercent))}
            fill="none"
            stroke="var(--chart-1)"
            strokeWidth={1.5}
          />
        </svg>
      ) : null}
      <Figure name="GPU" percent={gpuPercent} colour="var(--chart-1)" />
      <Figure name="CPU" percent={cpuPercent} colour="var(--chart-2)" />
    </span>
  );
}

function Figure({
  name,
  percent,
  colour,
}: {
  readonly name: string;
  readonly percent: number | null;
  readonly colour: string;
}) {
  return (
    <span className="inline-flex items-center gap-1.5 text-ink-muted">
      <span aria-hidden className="h-0.5 w-2.5 rounded-full" style={{ background: colour }} />
      {name} <span className="figures text-ink">{percent === null ? 'unknown' : `${Math.round(percent)} %`}</span>
    </span>
  );
}

/** An SVG path through percentages, newest at the right; what is not known is a gap. */
export function sparkPath(percents: readonly (number | null)[]): string {
  const step = WIDTH / Math.max(1, percents.length - 1);
  let isDown = false;
  return percents
    .flatMap((percent, index) => {
      if (percent === null) {
        isDown = false;
        return [];
      }
      const height = HEIGHT - 1 - (Math.min(100, Math.max(0, percent)) / 100) * (HEIGHT - 2);
      const command = `${isDown ? 'L' : 'M'}${round(index * step)} ${round(height)}`;
      isDown = true;
      return [command];
    })
    .join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
