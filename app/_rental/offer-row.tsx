import { formatBytes } from '../../lib/domain/bytes';
import type { CheckpointOrigin } from '../../lib/domain/checkpoint-origin';
import { formatDuration } from '../../lib/domain/duration';
import { formatUsd } from '../../lib/domain/money';
import type { Offer } from '../../lib/domain/offer';
import { placeName } from '../../lib/domain/place-name';
import type { RankedOffer } from '../../lib/domain/rank-offers';
import { formatUsdPerHour } from '../_copy/rate-words';
import { Badge } from '../_ui/badge';
import { CopyButton } from '../_ui/copy-button';
import { EstimateBreakdown } from './estimate-breakdown';
import { RentButton } from './rent-button';
import type { RentPlan } from './rent-plan';

interface OfferRowProps {
  readonly ranked: RankedOffer;
  readonly place: number;
  /** Why it is our choice; null for the others. */
  readonly reason: string | null;
  readonly sourceFrom: CheckpointOrigin;
  /** Null for a model that cannot be converted yet. */
  readonly plan: RentPlan | null;
  /** Its dialog is open when the page comes. */
  readonly isPutForward: boolean;
}

/** One machine: what the job would cost and take there, what it is, and the estimate taken apart. */
export function OfferRow({ ranked, place, reason, sourceFrom, plan, isPutForward }: OfferRowProps) {
  const { offer, estimate } = ranked;
  return (
    <li className={reason === null ? undefined : 'bg-accent-soft/40'}>
      <article className="px-4 py-3.5 sm:px-5" aria-label={`Offer ${offer.id}`}>
        <div className="flex flex-wrap items-start justify-between gap-x-8 gap-y-2">
          <div className="min-w-0 flex-1 basis-72">
            <h3 className="flex flex-wrap items-center gap-x-2.5 gap-y-1 font-medium">
              <span className="figures text-ink-faint">{place}</span>
              {placeName(offer.place) ?? 'Somewhere'}
              {reason === null ? null : <Badge tone="accent">Our choice</Badge>}
              {offer.isDatacenter ? <Badge>Data center</Badge> : null}
            </h3>
            {reason === null ? null : <p className="mt-1">{reason}</p>}
            <p className="mt-1 text-pretty text-ink-muted text-xs">{machineWords(offer)}</p>
          </div>
          <div className="grid justify-items-start gap-2 sm:justify-items-end">
            <p className="figures sm:text-right">
              <span className="font-semibold text-lg">{formatUsd(estimate.totalNanoUsd)}</span>
              <span className="text-ink-muted"> in about {formatDuration(estimate.totalMs)}</span>
              <span className="block text-ink-muted text-xs">
                {formatUsd(estimate.lowNanoUsd)} to {formatUsd(estimate.highNanoUsd)}, at{' '}
                {formatUsdPerHour(estimate.nanoUsdPerHour)}
              </span>
            </p>
            {plan === null ? null : (
              <RentButton plan={plan} look={reason === null ? 'secondary' : 'primary'} isOpenAtFirst={isPutForward} />
            )}
          </div>
        </div>
        <details className="mt-2">
          <summary className="w-fit cursor-pointer py-1 font-medium text-accent text-xs">How this is reckoned</summary>
          <EstimateBreakdown ranked={ranked} sourceFrom={sourceFrom} />
          <p className="mt-3 flex flex-wrap items-center gap-2 text-ink-muted text-xs">
            Offer <span className="font-mono text-ink">{offer.id}</span>
            <CopyButton text={offer.id} what={`the id of offer ${offer.id}`} label="Copy" />
            machine {offer.machineId}
          </p>
        </details>
      </article>
    </li>
  );
}

function machineWords(offer: Offer): string {
  const mbits = (bits: number) => `${Math.round(bits / 1e6)} Mbit/s`;
  const gpu = offer.gpuName === null ? [] : [`${offer.gpuCount > 1 ? `${offer.gpuCount} × ` : ''}${offer.gpuName}`];
  return [
    `${Math.round(offer.cores * 10) / 10} cores${offer.cpuName === null ? '' : ` of ${offer.cpuName}`}`,
    `${formatBytes(offer.memoryBytes)} of memory`,
    `${mbits(offer.downBitsPerSecond)} down, ${mbits(offer.upBitsPerSecond)} up`,
    `traffic ${formatUsd(offer.downNanoUsdPerGb)} in and ${formatUsd(offer.upNanoUsdPerGb)} out per GB`,
    `reliability ${(offer.reliability * 100).toFixed(1)} %`,
    ...gpu.map((name) => `${name} (not used)`),
  ].join(' · ');
}
