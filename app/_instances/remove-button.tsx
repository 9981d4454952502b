'use client';
import Trash2 from 'lucide-react/icons/trash-2';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { removeInstanceAction } from '../_actions/instance-actions';
import { ConfirmDialog } from '../_forms/confirm-dialog';
import { type UnsavedFile, UnsavedFilesField, useGivenUp } from '../_forms/unsaved-files-field';
import { Button } from '../_ui/button';

interface RemoveButtonProps {
  readonly instanceId: string;
  readonly name: string;
  readonly unsaved: readonly UnsavedFile[];
}

/** Removes an SSH host from the list; each file that is only there has to be given up by name, for we cannot reach it then. */
export function RemoveButton({ instanceId, name, unsaved }: RemoveButtonProps) {
  const router = useRouter();
  const [asks, setAsks] = useState(false);
  const given = useGivenUp(unsaved);
  return (
    <>
      <Button
        look="ghost"
        onClick={() => setAsks(true)}
        aria-label="Remove instance"
        title="Remove instance"
        className="px-2.5"
      >
        <Trash2 size={15} aria-hidden />
      </Button>
      <ConfirmDialog
        open={asks}
        onClose={() => setAsks(false)}
        onDone={() => router.push('/instances')}
        title={`Remove ${name}?`}
        action={removeInstanceAction}
        fields={{ instanceId, confirmedUnsaved: JSON.stringify([...given.names]) }}
        confirm={given.left > 0 ? `${given.left} to confirm` : 'Remove instance'}
        disabled={given.left > 0}
        keep="Keep it"
      >
        <div className="space-y-3">
          <p>
            Quantdeck forgets how to reach it. The machine itself and what lies on it are left alone, and a rental goes
            on costing money.
          </p>
          {unsaved.length > 0 ? <UnsavedFilesField unsaved={unsaved} given={given} /> : null}
        </div>
      </ConfirmDialog>
    </>
  );
}
