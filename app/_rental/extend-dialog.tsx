'use client';
import { formatDuration } from '../../lib/domain/duration';
import { formatUsd } from '../../lib/domain/money';
import { extendRentalAction } from '../_actions/extend-rental-action';
import { unplacedFailure } from '../_actions/unplaced-failure';
import { FailureNotice } from '../_copy/failure-notice';
import { useFormAction } from '../_forms/use-form-action';
import { Button } from '../_ui/button';
import { Dialog } from '../_ui/dialog';
import { Checkbox } from '../_ui/field';
import { SubmitButton } from '../_ui/submit-button';
import { AmountField } from './amount-field';

const SHOWN_FIELDS = ['moreUsd', 'moreHours'];

interface ExtendDialogProps {
  readonly rentalId: string;
  readonly name: string;
  readonly mostNanoUsd: number;
  readonly spentNanoUsd: number;
  readonly mostMs: number;
  readonly isStopped: boolean;
  readonly unsavedCount: number;
  readonly running: string;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Allows a rental more than was agreed; a stopped machine is started again on wish, and its files come home. */
export function ExtendDialog({ name, open, onClose, ...rest }: ExtendDialogProps) {
  return (
    <Dialog open={open} onClose={onClose} title={`Extend ${name}`}>
      <ExtendForm {...rest} onClose={onClose} />
    </Dialog>
  );
}

function ExtendForm(props: Omit<ExtendDialogProps, 'name' | 'open'>) {
  const { rentalId, mostNanoUsd, spentNanoUsd, mostMs, isStopped, unsavedCount, running, onClose, onDone } = props;
  const form = useFormAction(extendRentalAction, () => {
    onClose();
    onDone();
  });
  const { errors } = form;
  const failure = unplacedFailure(form.result, SHOWN_FIELDS);
  return (
    <form onSubmit={form.onSubmit} noValidate className="space-y-4">
      <input type="hidden" name="rentalId" value={rentalId} />
      <p className="text-ink-muted">
        {formatUsd(spentNanoUsd)} of {formatUsd(mostNanoUsd)} are spent; its time was {formatDuration(mostMs)}. What is
        allowed here comes on top of what was agreed, or of what is spent and passed already.
      </p>
      <div className="grid gap-4 sm:grid-cols-2">
        <AmountField id="moreUsd" label="More money, $" hint="Empty for no more." error={errors['moreUsd']} />
        <AmountField id="moreHours" label="More time, hours" hint="Empty for no more." error={errors['moreHours']} />
      </div>
      {isStopped ? (
        <Checkbox
          name="startsAgain"
          value="1"
          defaultChecked={unsavedCount > 0}
          label="Start it again"
          hint={`It is billed in full from then on: ${running}. ${homeWords(unsavedCount)}`}
        />
      ) : null}
      {failure ? <FailureNotice failure={failure} /> : null}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Not now</Button>
        <SubmitButton isPending={form.isPending} pendingText="Extending…">
          Extend
        </SubmitButton>
      </div>
    </form>
  );
}

function homeWords(unsavedCount: number): string {
  if (unsavedCount === 0) return '';
  const files =
    unsavedCount === 1 ? 'the file that is on it alone comes' : `${unsavedCount} files that are on it alone come`;
  return `Once it answers, ${files} home.`;
}
