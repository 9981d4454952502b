import { formatUsd } from '../../lib/domain/money';
import type { RentalView } from '../../lib/domain/rental';
import type { RentalCharge } from '../../lib/domain/rented-instance';
import { countedParts } from '../../lib/domain/spent-parts';
import { Card } from '../_ui/card';
import { Cell, DataTable, HeadCell } from '../_ui/data-table';
import { BudgetLine } from './budget-line';

const ROWS = [
  ['The machine', ({ costs }: Parts) => costs.computeNanoUsd, ({ computeNanoUsd }: RentalCharge) => computeNanoUsd],
  ['Its disk', ({ costs }: Parts) => costs.diskNanoUsd, ({ diskNanoUsd }: RentalCharge) => diskNanoUsd],
  ['Traffic in', ({ costs }: Parts) => costs.downloadNanoUsd, ({ downloadNanoUsd }: RentalCharge) => downloadNanoUsd],
  ['Traffic out', ({ costs }: Parts) => costs.uploadNanoUsd, ({ uploadNanoUsd }: RentalCharge) => uploadNanoUsd],
] as const;

type Parts = RentalView['tries'][number]['estimate'];

/** What was expected, what it has cost so far by our own count, and what the service charged in the end. */
export function RentalMoneyCard({ rental }: { readonly rental: RentalView }) {
  const { charges, spentNanoUsd } = rental.money;
  const { machineNanoUsd, diskNanoUsd, trafficNanoUsd } = countedParts(rental.money);
  const estimate = rental.tries.at(-1)?.estimate ?? null;
  const charged = (part: (charge: RentalCharge) => number) =>
    charges === null ? '–' : formatUsd(charges.reduce((sum, charge) => sum + part(charge), 0));
  return (
    <Card title="Money" flush>
      <div className="px-4 py-4 sm:px-5">
        <BudgetLine rental={rental} />
      </div>
      <DataTable
        label="Estimate, count and charges"
        className="border-t"
        head={
          <>
            <HeadCell>Part</HeadCell>
            <HeadCell className="text-right">Estimated</HeadCell>
            <HeadCell className="text-right">Charged</HeadCell>
          </>
        }
      >
        {ROWS.map(([name, expected, part]) => (
          <tr key={name}>
            <Cell>{name}</Cell>
            <Cell className="figures text-right">{estimate === null ? '–' : formatUsd(expected(estimate))}</Cell>
            <Cell className="figures text-right">{charged(part)}</Cell>
          </tr>
        ))}
        <tr className="font-medium">
          <Cell>In all</Cell>
          <Cell className="figures text-right">{estimate === null ? '–' : formatUsd(estimate.totalNanoUsd)}</Cell>
          <Cell className="figures text-right">{charged(({ totalNanoUsd }) => totalNanoUsd)}</Cell>
        </tr>
      </DataTable>
      <p className="border-t px-4 py-2.5 text-ink-muted text-xs sm:px-5">
        By our own count it is {formatUsd(spentNanoUsd)}: {formatUsd(machineNanoUsd)} for the machine,{' '}
        {formatUsd(diskNanoUsd)} for its disk, {formatUsd(trafficNanoUsd)} for traffic
        {charges === null
          ? '. What vast.ai charges is shown here once it says so, which may be hours after the end.'
          : `; vast.ai charged ${charged(({ totalNanoUsd }) => totalNanoUsd)}.`}
      </p>
    </Card>
  );
}
