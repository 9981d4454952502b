'use client';
import { setRentalGoalAction } from '../_actions/rental-actions';
import { ConfirmDialog } from '../_forms/confirm-dialog';
import { type UnsavedFile, UnsavedFilesField, useGivenUp } from '../_forms/unsaved-files-field';

interface ReleaseDialogProps {
  readonly rentalId: string;
  readonly name: string;
  readonly rate: string;
  readonly unsaved: readonly UnsavedFile[];
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Asks before a machine is given back; each file that would be lost has to be given up by name. */
export function ReleaseDialog(props: ReleaseDialogProps) {
  const { rentalId, name, rate, unsaved, ...dialog } = props;
  const given = useGivenUp(unsaved);
  return (
    <ConfirmDialog
      {...dialog}
      title={`Give ${name} back?`}
      action={setRentalGoalAction}
      fields={{ rentalId, goal: 'gone', confirmedUnsaved: JSON.stringify([...given.names]) }}
      confirm={given.left > 0 ? `${given.left} to confirm` : 'Give it back'}
      disabled={given.left > 0}
      keep="Keep it"
    >
      <div className="space-y-3">
        <p>
          The machine is destroyed with all that is on it, and its bill ends: it is {rate} now. Afterwards the account
          is looked through until it is proven that the machine is gone.
        </p>
        {unsaved.length === 0 ? (
          <p>No file of a job is only there.</p>
        ) : (
          <UnsavedFilesField unsaved={unsaved} given={given} />
        )}
      </div>
    </ConfirmDialog>
  );
}
