'use client';
import { useRouter } from 'next/navigation';
import { useRef, useState } from 'react';
import { checkRentalKeyAction, removeRentalKeyAction, saveRentalKeyAction } from '../_actions/rental-actions';
import { unplacedFailure } from '../_actions/unplaced-failure';
import { FailureNotice } from '../_copy/failure-notice';
import { ConfirmDialog } from '../_forms/confirm-dialog';
import { useFormAction } from '../_forms/use-form-action';
import { Button } from '../_ui/button';
import { Checkbox, describedBy, Field, TextInput } from '../_ui/field';
import { SubmitButton } from '../_ui/submit-button';

const ID = 'vastKey';

interface RentalKeyFormProps {
  readonly isKeySet: boolean;
  /** Names of the rentals that only a key of the same account can give back. */
  readonly rented: readonly string[];
}

/** The key of vast.ai (write-only): store, check, remove. */
export function RentalKeyForm({ isKeySet, rented }: RentalKeyFormProps) {
  const router = useRouter();
  const element = useRef<HTMLFormElement>(null);
  const [isRemoving, setRemoving] = useState(false);
  const saving = useFormAction(saveRentalKeyAction, () => {
    element.current?.reset();
    router.refresh();
  });
  const checking = useFormAction(checkRentalKeyAction, () => router.refresh());
  const error = saving.errors[ID];
  const failure = unplacedFailure(saving.result, [ID]) ?? unplacedFailure(checking.result, []);
  return (
    <form ref={element} onSubmit={saving.onSubmit} className="space-y-4" noValidate>
      <Field
        id={ID}
        label="API key"
        hint={
          isKeySet
            ? 'One is stored, encrypted. Paste another to replace it.'
            : 'For finding machines to rent. Made on vast.ai under Keys; stored encrypted, never shown again.'
        }
        error={error}
      >
        <TextInput
          id={ID}
          name={ID}
          type="password"
          autoComplete="off"
          placeholder={isKeySet ? '••••••••••••' : ''}
          {...describedBy(ID, true, error)}
        />
      </Field>
      {rented.length > 0 ? (
        <Checkbox
          name="confirmedRentals"
          value={JSON.stringify(rented)}
          label={`It belongs to the account that has rented ${rented.join(', ')}`}
          hint="With a key of another account these machines can neither be seen nor given back, and are billed on."
        />
      ) : null}
      {failure ? <FailureNotice failure={failure} /> : null}
      <div className="flex flex-wrap items-center gap-2">
        <SubmitButton isPending={saving.isPending}>Store and check</SubmitButton>
        <SubmitButton look="secondary" type="button" isPending={checking.isPending} onClick={() => checking.run({})}>
          Check the key
        </SubmitButton>
        {isKeySet ? (
          <Button look="danger" onClick={() => setRemoving(true)}>
            Remove
          </Button>
        ) : null}
      </div>
      <ConfirmDialog
        open={isRemoving}
        onClose={() => setRemoving(false)}
        onDone={() => router.refresh()}
        title="Remove the vast.ai key?"
        action={removeRentalKeyAction}
        fields={rented.length > 0 ? { confirmedRentals: JSON.stringify(rented) } : {}}
        confirm="Remove key"
        keep="Keep it"
      >
        Quantdeck forgets it and what it learned with it.{' '}
        {rented.length > 0
          ? `Without it ${rented.join(', ')} can neither be seen nor given back, and is billed on.`
          : 'Machines that are rented stay rented, and are billed on.'}
      </ConfirmDialog>
    </form>
  );
}
