import Link from 'next/link';
import { formatDuration } from '../../lib/domain/duration';
import { formatUsd } from '../../lib/domain/money';
import { expectedMs as expectedMsOf, type MeasuredPart, type RentalOutcome } from '../../lib/domain/rental-outcome';
import { Card } from '../_ui/card';
import { Cell, DataTable, HeadCell } from '../_ui/data-table';

const MOST_SHOWN = 10;

const PARTS: Readonly<Record<MeasuredPart, string>> = {
  loadMs: 'until it answered',
  setUpMs: 'llama.cpp',
  downloadMs: 'fetching',
  convertMs: 'converting',
  imatrixMs: 'importance matrix',
  quantizeMs: 'quantizing',
  bringHomeMs: 'bringing home',
};

/** What was expected of jobs on rented machines beside what came of them: what estimates are made by from then on. */
export function OutcomeTable({ outcomes }: { readonly outcomes: readonly RentalOutcome[] }) {
  if (outcomes.length === 0) return null;
  return (
    <Card
      title="Predicted and actual"
      id="outcomes"
      aside={<span className="text-ink-muted text-xs">estimates learn from these</span>}
      flush
    >
      <DataTable
        label="Predicted and actual cost and time of jobs on rented machines"
        head={
          <>
            <HeadCell>Job</HeadCell>
            <HeadCell className="text-right">Cost</HeadCell>
            <HeadCell className="text-right">Time</HeadCell>
            <HeadCell className="max-sm:hidden">Furthest off</HeadCell>
          </>
        }
      >
        {outcomes.slice(0, MOST_SHOWN).map((outcome) => (
          <OutcomeRow key={outcome.rentalId} outcome={outcome} />
        ))}
      </DataTable>
    </Card>
  );
}

function OutcomeRow({ outcome }: { readonly outcome: RentalOutcome }) {
  const { jobId, jobName, predicted, totalNanoUsd, totalMs, isCharged } = outcome;
  return (
    <tr>
      <Cell className="max-w-48">
        <Link href={`/jobs/${jobId}`} className="block truncate text-accent underline-offset-2 hover:underline">
          {jobName}
        </Link>
        <span className="block text-ink-muted text-xs">{isCharged ? 'as charged' : 'by our count'}</span>
      </Cell>
      <Cell className="figures text-right">
        {formatUsd(totalNanoUsd)}
        <span className="block text-ink-muted text-xs">of {formatUsd(predicted.totalNanoUsd)}</span>
      </Cell>
      <Cell className="figures text-right">
        {totalMs === null ? '–' : formatDuration(totalMs)}
        <span className="block text-ink-muted text-xs">of {formatDuration(predicted.totalMs)}</span>
      </Cell>
      <Cell className="text-ink-muted text-xs max-sm:hidden">{furthestOff(outcome) ?? '–'}</Cell>
    </tr>
  );
}

/** `fetching: 2m 10s instead of 40s`: the measured part that differs most from its estimate; null when none was measured. */
export function furthestOff({ times, predicted }: Pick<RentalOutcome, 'times' | 'predicted'>): string | null {
  const parts = (Object.keys(PARTS) as MeasuredPart[]).flatMap((part) => {
    const actualMs = times[part];
    const expectedMs = expectedMsOf(part, predicted.times);
    return actualMs === null || expectedMs === 0 ? [] : [{ part, actualMs, expectedMs }];
  });
  const [worst] = parts.sort((a, b) => Math.abs(b.actualMs - b.expectedMs) - Math.abs(a.actualMs - a.expectedMs));
  if (!worst) return null;
  return `${PARTS[worst.part]}: ${formatDuration(worst.actualMs)} instead of ${formatDuration(worst.expectedMs)}`;
}
