import clsx from 'clsx';
import ChevronRight from 'lucide-react/icons/chevron-right';
import CircleAlert from 'lucide-react/icons/circle-alert';
import CircleCheck from 'lucide-react/icons/circle-check';
import CircleDashed from 'lucide-react/icons/circle-dashed';
import CircleX from 'lucide-react/icons/circle-x';
import LoaderCircle from 'lucide-react/icons/loader-circle';
import type { ReactNode } from 'react';
import { CONNECTION_LAYERS, type LayerReport } from '../../lib/domain/connection-report';
import { formatDuration } from '../../lib/domain/duration';
import type { InstanceView } from '../../lib/domain/instance';
import { LAYER_STATE, LAYER_TITLE, type LayerState } from '../_copy/connection-copy';
import { TONE_TEXT } from '../_ui/badge';
import { Card } from '../_ui/card';
import { ConnectionFindingNotice, TriedFix } from './connection-finding';

const ICONS = {
  ok: CircleCheck,
  warned: CircleAlert,
  failed: CircleX,
  'not-reached': CircleDashed,
  running: LoaderCircle,
} as const satisfies Record<LayerState, typeof CircleCheck>;

interface ConnectionCardProps {
  readonly instance: InstanceView;
  readonly isChecking: boolean;
}

/** The way to a host, layer by layer: how far the last test came, and at the layer where it ended why, and what helps. */
export function ConnectionCard({ instance, isChecking }: ConnectionCardProps) {
  const report = instance.checkState === 'requested' ? null : instance.connection;
  if (!isChecking && !report) return null;
  const finding = isChecking ? null : (report?.finding ?? null);
  const layers = report?.layers ?? CONNECTION_LAYERS.map(notReached);
  const running = isChecking ? layers.find((layer) => layer.state === 'not-reached') : undefined;
  const summary = <Summary layers={layers} isChecking={isChecking} />;
  if (!finding && !isChecking) {
    return (
      <div className="space-y-3">
        <TriedFix tried={report?.tried ?? null} />
        <details className="group rounded-xl border bg-surface shadow-card">
          <summary className="flex flex-wrap items-center gap-x-2 px-4 py-3 sm:px-5">
            <ChevronRight size={15} aria-hidden className="text-ink-faint transition-transform group-open:rotate-90" />
            <span className="mr-auto font-semibold">Connection</span>
            {summary}
          </summary>
          <div className="border-t">
            <LayerList layers={layers} />
          </div>
        </details>
      </div>
    );
  }
  return (
    <Card title="Connection" aside={summary} flush>
      <LayerList layers={layers} running={running}>
        {finding ? (
          <div className="space-y-3 px-4 pb-4 sm:px-5">
            <TriedFix tried={report?.tried ?? null} />
            <ConnectionFindingNotice instance={instance} finding={finding} />
          </div>
        ) : null}
      </LayerList>
    </Card>
  );
}

interface LayerListProps {
  readonly layers: readonly LayerReport[];
  readonly running?: LayerReport | undefined;
  /** Shown below the layer that failed or has a remark. */
  readonly children?: ReactNode;
}

function LayerList({ layers, running, children }: LayerListProps) {
  return (
    <ol aria-label="Layers of the connection" className="divide-y">
      {layers.map((layer) => (
        <li key={layer.layer}>
          <LayerLine layer={layer} state={layer === running ? 'running' : layer.state} />
          {layer.state === 'failed' || layer.state === 'warned' ? children : null}
        </li>
      ))}
    </ol>
  );
}

function notReached(layer: LayerReport['layer']): LayerReport {
  return { layer, state: 'not-reached', durationMs: null, seen: null };
}

function Summary({ layers, isChecking }: { readonly layers: readonly LayerReport[]; readonly isChecking: boolean }) {
  const passed = layers.filter(({ state }) => state === 'ok' || state === 'warned').length;
  const totalMs = layers.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0);
  return (
    <span className="figures text-ink-muted text-xs">
      {isChecking ? 'testing…' : `${passed} of ${layers.length} passed, ${formatDuration(totalMs)}`}
    </span>
  );
}

function LayerLine({ layer, state }: { readonly layer: LayerReport; readonly state: LayerState }) {
  const Icon = ICONS[state];
  const { word, tone } = LAYER_STATE[state];
  return (
    <div className="grid grid-cols-[1.25rem_minmax(0,1fr)_auto] items-baseline gap-x-3 px-4 py-2 sm:px-5">
      <Icon
        size={16}
        aria-hidden
        className={clsx(
          'self-center',
          TONE_TEXT[tone],
          state === 'running' && 'animate-spin [animation-duration:2.4s]',
        )}
      />
      <span className="min-w-0 sm:flex sm:items-baseline sm:gap-3">
        <span className={clsx('shrink-0', state === 'not-reached' ? 'text-ink-muted' : 'font-medium')}>
          {LAYER_TITLE[layer.layer]}
        </span>
        {layer.seen ? (
          <span className="block truncate font-mono text-ink-muted text-xs" title={layer.seen}>
            {layer.seen}
          </span>
        ) : null}
      </span>
      <span className="figures text-ink-muted text-xs">
        <span className={state === 'ok' ? 'sr-only' : undefined}>{word}</span>
        {layer.durationMs === null ? null : <span className="ml-2">{formatDuration(layer.durationMs)}</span>}
      </span>
    </div>
  );
}
