'use client';
import { useRouter } from 'next/navigation';
import { saveRentalBudgetAction } from '../_actions/rental-actions';
import { unplacedFailure } from '../_actions/unplaced-failure';
import { FailureNotice } from '../_copy/failure-notice';
import { useFormAction } from '../_forms/use-form-action';
import { AmountField } from '../_rental/amount-field';
import { SubmitButton } from '../_ui/submit-button';

const ID = 'monthUsd';

/** What may be spent on rented machines in a month. `limit` as a person would type it; empty for none. */
export function BudgetForm({ limit, spent }: { readonly limit: string; readonly spent: string }) {
  const router = useRouter();
  const form = useFormAction(saveRentalBudgetAction, () => router.refresh());
  const failure = unplacedFailure(form.result, [ID]);
  return (
    <form onSubmit={form.onSubmit} noValidate className="space-y-3">
      <AmountField
        id={ID}
        label="Most for rented machines in a month, $"
        hint={`Nothing more is rented once it is reached; empty for no limit. ${spent}`}
        value={limit}
        error={form.errors[ID]}
        className="max-w-40"
      />
      {failure ? <FailureNotice failure={failure} /> : null}
      <div className="flex items-center gap-3">
        <SubmitButton look="secondary" isPending={form.isPending}>
          Save the limit
        </SubmitButton>
        <span role="status" className="text-ok text-xs">
          {form.result?.ok && !form.isPending ? 'Saved.' : ''}
        </span>
      </div>
    </form>
  );
}
