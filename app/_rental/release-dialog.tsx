'use client';
import { useState } from 'react';
import { formatBytes } from '../../lib/domain/bytes';
import { setRentalGoalAction } from '../_actions/rental-actions';
import { ConfirmDialog } from '../_forms/confirm-dialog';

/** A file that is on the machine and nowhere else. */
export interface UnsavedFile {
  readonly artifactId: string;
  readonly fileName: string;
  readonly sizeBytes: number | null;
}

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
  const [given, setGiven] = useState<ReadonlySet<string>>(new Set());
  const left = unsaved.filter(({ fileName }) => !given.has(fileName)).length;
  const toggle = (fileName: string) =>
    setGiven((names) => {
      const next = new Set(names);
      if (!next.delete(fileName)) next.add(fileName);
      return next;
    });
  return (
    <ConfirmDialog
      {...dialog}
      title={`Give ${name} back?`}
      action={setRentalGoalAction}
      fields={{ rentalId, goal: 'gone', confirmedUnsaved: JSON.stringify([...given]) }}
      confirm={left > 0 ? `${left} to confirm` : 'Give it back'}
      disabled={left > 0}
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
          <fieldset className="rounded-lg border border-bad/50 px-3 py-2.5">
            <legend className="px-1 font-medium text-bad">
              {unsaved.length === 1 ? 'One file is' : `${unsaved.length} files are`} nowhere else
            </legend>
            <p className="mb-2 text-xs">Bring them home first, or tick each one that may be lost.</p>
            <ul className="space-y-2">
              {unsaved.map(({ artifactId, fileName, sizeBytes }) => (
                <li key={artifactId}>
                  <label className="flex min-h-6 items-start gap-2.5">
                    <input
                      type="checkbox"
                      checked={given.has(fileName)}
                      onChange={() => toggle(fileName)}
                      className="mt-0.5 size-4 shrink-0 accent-bad"
                    />
                    <span className="wrap-anywhere font-mono text-ink text-xs">
                      {fileName}
                      {sizeBytes === null ? '' : ` (${formatBytes(sizeBytes)})`}
                    </span>
                  </label>
                </li>
              ))}
            </ul>
          </fieldset>
        )}
      </div>
    </ConfirmDialog>
  );
}
