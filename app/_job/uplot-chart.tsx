'use client';
import { useEffect, useRef } from 'react';
import type uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Series } from '../_live/sample-series';
import { plotOptions } from './plot-options';
import { useThemeVersion } from './use-theme-version';

interface UplotChartProps {
  readonly data: Series;
  /** Custom properties that hold the lines' colours. */
  readonly colors: readonly string[];
  readonly scale: 'percent' | 'bytes';
  readonly max: number | null;
}

const HEIGHT = 116;

/** A line chart. uPlot is loaded when the first one is shown; the canvas is decoration, its figures are text beside it. */
export function UplotChart({ data, colors, scale, max }: UplotChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(data);
  const theme = useThemeVersion();
  const colorKey = colors.join(' ');

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new theme changes the colours that are read in here
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let isGone = false;
    const observer = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height: HEIGHT }));
    void import('uplot').then(({ default: UPlot }) => {
      if (isGone) return;
      const options = plotOptions({
        width: element.clientWidth,
        height: HEIGHT,
        colors: colorKey.split(' '),
        scale,
        max,
      });
      plot.current = new UPlot(options, latest.current as unknown as uPlot.AlignedData, element);
      observer.observe(element);
    });
    return () => {
      isGone = true;
      observer.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [colorKey, scale, max, theme]);

  useEffect(() => {
    latest.current = data;
    plot.current?.setData(data as unknown as uPlot.AlignedData);
  }, [data]);

  return <div ref={box} aria-hidden className="mt-1 -ml-1" style={{ height: HEIGHT }} />;
}
