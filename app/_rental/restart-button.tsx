'use client';
import RotateCw from 'lucide-react/icons/rotate-cw';
import { useState } from 'react';
import type { RentalState } from '../../lib/domain/rental';
import { restartRentalAction } from '../_actions/rental-actions';
import { ConfirmDialog } from '../_forms/confirm-dialog';
import { Button } from '../_ui/button';

interface RestartButtonProps {
  readonly rentalId: string;
  readonly name: string;
  readonly state: RentalState;
  readonly hasOpenJob: boolean;
  readonly onDone: () => void;
}

/** Restarts a machine that runs, or ran until it was lost: unlike a stop nobody can rent its GPU meanwhile. */
export function RestartButton({ rentalId, name, state, hasOpenJob, onDone }: RestartButtonProps) {
  const [isAsking, setIsAsking] = useState(false);
  if (state !== 'ready' && state !== 'lost') return null;
  return (
    <>
      <Button onClick={() => setIsAsking(true)} disabled={state === 'ready' && hasOpenJob}>
        <RotateCw size={14} aria-hidden />
        Restart: keeps its GPU, same price
      </Button>
      <ConfirmDialog
        open={isAsking}
        onClose={() => setIsAsking(false)}
        onDone={onDone}
        title={`Restart ${name}?`}
        action={restartRentalAction}
        fields={{ rentalId }}
        confirm="Restart it"
        keep="Leave it running"
      >
        Everything that runs on it ends and it begins anew, with its files. It is billed as before meanwhile, and nobody
        else can rent its GPU.
      </ConfirmDialog>
    </>
  );
}
