import { formatUsd } from '../../lib/domain/money';
import { findRentalMonth } from '../../lib/store/rental-month-views';
import { newestKeyCheck } from '../../lib/store/rental-question-views';
import { listRentedNames } from '../../lib/store/rented-name-views';
import { BudgetForm } from '../_settings/budget-form';
import { Card } from '../_ui/card';
import { KeyReport } from './key-report';
import { usdText } from './rent-plan';
import { RentalKeyForm } from './rental-key-form';

/** vast.ai on the settings page: the key, what it is good for, and what may be spent. */
export async function RentalKeyCard({ isKeySet }: { readonly isKeySet: boolean }) {
  const [check, month, rented] = await Promise.all([newestKeyCheck(), findRentalMonth(), listRentedNames()]);
  return (
    <Card title="vast.ai" id="vast">
      <RentalKeyForm isKeySet={isKeySet} rented={rented} />
      {check ? (
        <div className="mt-5 border-t pt-5">
          <KeyReport check={check} />
        </div>
      ) : null}
      <div className="mt-5 border-t pt-5">
        <BudgetForm
          limit={month.limitNanoUsd === null ? '' : usdText(month.limitNanoUsd)}
          spent={`This month: ${formatUsd(month.spentNanoUsd)} spent, ${formatUsd(month.promisedNanoUsd)} more may come of what is rented now.`}
        />
      </div>
    </Card>
  );
}
