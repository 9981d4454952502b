import type { CheckpointOrigin } from '../../lib/domain/checkpoint-origin';
import { formatDuration } from '../../lib/domain/duration';
import { costOfTime, formatUsd } from '../../lib/domain/money';
import type { RankedOffer } from '../../lib/domain/rank-offers';
import { DEFAULT_CALIBRATION } from '../../lib/domain/rental-calibration';
import type { RentalCosts, RentalTimes } from '../../lib/domain/rental-estimate';
import { imageOf } from '../../lib/domain/rental-image';
import { imageWords } from '../_copy/rental-image-copy';
import { lineShareWords } from './line-share-words';

const COSTS: Readonly<Record<keyof RentalCosts, string>> = {
  computeNanoUsd: 'The machine',
  diskNanoUsd: 'Its disk',
  downloadNanoUsd: 'Traffic in',
  uploadNanoUsd: 'Traffic out',
};

const TIMES: Readonly<Record<keyof RentalTimes, string>> = {
  loadMs: 'Load the image (machine not billed)',
  startMs: 'Start it until it answers',
  setUpMs: 'Get llama.cpp ready',
  downloadMs: 'Fetch the model',
  convertMs: 'Convert',
  imatrixMs: 'Importance matrix',
  quantizeMs: 'Quantize',
  bringHomeMs: 'Bring the files home',
  slackMs: 'Reserve',
};

const SENDING_NOTE = ` The model goes over the dashboard's own line: ${DEFAULT_CALIBRATION.homeSendBitsPerSecond / 1e6} Mbit/s are taken for it until a job has shown what it sends.`;

interface EstimateBreakdownProps {
  readonly ranked: RankedOffer;
  readonly sourceFrom: CheckpointOrigin;
}

/** An estimate by its parts: what is paid for, where the time goes, and what the waiting counts for in the order. */
export function EstimateBreakdown({ ranked, sourceFrom }: EstimateBreakdownProps) {
  const { costs, times, totalMs, totalNanoUsd } = ranked.estimate;
  const { waitingNanoUsdPerHour } = DEFAULT_CALIBRATION;
  const words = sourceFrom === 'hub' ? TIMES : { ...TIMES, downloadMs: 'Send the model from here' };
  const costRows = Object.entries(COSTS) as [keyof RentalCosts, string][];
  const timeRows = (Object.entries(words) as [keyof RentalTimes, string][]).filter(([part]) => times[part] > 0);
  return (
    <div className="mt-2 grid gap-x-10 gap-y-4 md:grid-cols-2">
      <Rows
        title="Cost"
        rows={[
          ...costRows.map(([part, word]) => [word, formatUsd(costs[part])] as const),
          ['In all', formatUsd(totalNanoUsd)],
        ]}
        note={`Waiting counts ${formatUsd(costOfTime(waitingNanoUsdPerHour, totalMs))} in the order (${formatUsd(waitingNanoUsdPerHour)} an hour of yours); nobody bills it.`}
      />
      <Rows
        title="Time"
        rows={[
          ...timeRows.map(([part, word]) => [word, formatDuration(times[part])] as const),
          ['In all', formatDuration(totalMs)],
        ]}
        note={`Counted with ${lineShareWords(ranked)}. Finished jobs correct these figures and those for converting and quantizing.${sourceFrom === 'hub' ? '' : SENDING_NOTE} Image: ${imageWords(imageOf(ranked.estimate))}.`}
      />
    </div>
  );
}

interface RowsProps {
  readonly title: string;
  readonly rows: readonly (readonly [string, string])[];
  readonly note: string;
}

function Rows({ title, rows, note }: RowsProps) {
  return (
    <div className="min-w-0">
      <h4 className="mb-1 font-medium text-xs">{title}</h4>
      <dl className="text-xs">
        {rows.map(([name, value], index) => (
          <div
            key={name}
            className={`flex justify-between gap-4 py-1 ${index === rows.length - 1 ? 'border-t font-medium' : ''}`}
          >
            <dt className="text-ink-muted">{name}</dt>
            <dd className="figures">{value}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-1.5 text-ink-muted text-xs">{note}</p>
    </div>
  );
}
