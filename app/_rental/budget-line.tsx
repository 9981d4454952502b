import { formatUsd } from '../../lib/domain/money';
import type { RentalView } from '../../lib/domain/rental';
import { rateWords } from '../_copy/rate-words';
import { BudgetBar } from './budget-bar';

/** What a rental costs now and has cost, against what was set aside. */
export function BudgetLine({ rental }: { readonly rental: Pick<RentalView, 'money' | 'terms' | 'instanceName'> }) {
  const { spentNanoUsd, nowNanoUsdPerHour } = rental.money;
  const { mostNanoUsd } = rental.terms;
  return (
    <div className="min-w-0">
      <p className="figures flex flex-wrap items-baseline justify-between gap-x-3">
        <span>
          <span className="font-medium text-base">{formatUsd(spentNanoUsd)}</span>
          <span className="text-ink-muted text-xs"> of {formatUsd(mostNanoUsd)}</span>
        </span>
        <span className="text-ink-muted text-xs">{rateWords(nowNanoUsdPerHour)}</span>
      </p>
      <BudgetBar
        label={`Budget spent on ${rental.instanceName}`}
        spentNanoUsd={spentNanoUsd}
        mostNanoUsd={mostNanoUsd}
        className="mt-1.5"
      />
    </div>
  );
}
