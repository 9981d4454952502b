import type uPlot from 'uplot';
import { formatBytes } from '../../lib/domain/bytes';

interface PlotRequest {
  readonly width: number;
  readonly height: number;
  /** Custom properties that hold the lines' colours. */
  readonly colors: readonly string[];
  readonly scale: 'percent' | 'bytes';
  readonly max: number | null;
}

/** Bytes are read in powers of 1024, so the axis is divided in them too. */
const BINARY_STEPS = Array.from({ length: 46 }, (_, power) => 2 ** power);
/** Without data, or with a still line at zero, an axis still needs a size. */
const LEAST_MAX_BYTES = 1024;

/** How a chart looks, in the colours of the theme at this moment. */
export function plotOptions(request: PlotRequest): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const font = `10px ${style.getPropertyValue('--font-geist-mono') || 'monospace'}`;
  const axis = { stroke: color('--ink-faint'), font, ticks: { show: false } };
  const isPercent = request.scale === 'percent';
  return {
    width: request.width,
    height: request.height,
    padding: [8, 4, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, sync: { key: 'host' } },
    scales: { x: { time: true }, y: { range: (_plot, _low, high) => [0, topOf(request, high)] } },
    axes: [
      { ...axis, grid: { show: false }, size: 20, space: 70, values: (_plot, splits) => splits.map(clock) },
      {
        ...axis,
        grid: { stroke: color('--line'), width: 1 },
        size: 54,
        space: 28,
        ...(isPercent ? { splits: () => [0, 50, 100] } : { incrs: BINARY_STEPS }),
        values: (_plot, splits) => splits.map((value) => (isPercent ? `${value}` : formatBytes(value))),
      },
    ],
    series: [
      {},
      ...request.colors.map((name, index) => ({
        stroke: color(name),
        width: 1.5,
        points: { show: false },
        ...(index === 0 ? { fill: fade(color(name)) } : {}),
      })),
    ],
  };
}

function topOf(request: PlotRequest, high: number | null): number {
  return request.max ?? Math.max(LEAST_MAX_BYTES, (high ?? 0) * 1.1);
}

/** A lighter wash of a colour, for the area under a line. Canvases do not reliably know `color-mix()`. */
function fade(color: string): string {
  return color.endsWith(')') && !color.includes('/') ? `${color.slice(0, -1)} / 0.13)` : 'transparent';
}

function clock(seconds: number): string {
  const withSeconds = seconds % 60 === 0 ? {} : { second: '2-digit' as const };
  return new Date(seconds * 1000).toLocaleTimeString([], {
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
    ...withSeconds,
  });
}
