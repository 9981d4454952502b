'use client';
import Play from 'lucide-react/icons/play';
import Square from 'lucide-react/icons/square';
import Timer from 'lucide-react/icons/timer';
import Undo2 from 'lucide-react/icons/undo-2';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { RentalGoal, RentalState } from '../../lib/domain/rental';
import { setRentalGoalAction } from '../_actions/rental-actions';
import { rateWords, UNKNOWN_RATE } from '../_copy/rate-words';
import { ConfirmDialog } from '../_forms/confirm-dialog';
import type { UnsavedFile } from '../_forms/unsaved-files-field';
import { Button } from '../_ui/button';
import { ExtendDialog } from './extend-dialog';
import { ReleaseDialog } from './release-dialog';
import { RestartButton } from './restart-button';

interface RentalButtonsProps {
  readonly rentalId: string;
  readonly name: string;
  readonly state: RentalState;
  readonly goal: RentalGoal;
  readonly mostNanoUsd: number;
  readonly mostMs: number;
  readonly spentNanoUsd: number;
  readonly nowNanoUsdPerHour: number | null;
  readonly runningNanoUsdPerHour: number | null;
  readonly storageNanoUsdPerHour: number | null;
  readonly unsaved: readonly UnsavedFile[];
  /** A job that is not done on it: it has to be canceled before the machine may be stopped or given back. */
  readonly openJobId: string | null;
}

/** What can be done with a rented machine, each with what it does to the bill. */
export function RentalButtons(props: RentalButtonsProps) {
  const { rentalId, name, state, goal, openJobId, runningNanoUsdPerHour, storageNanoUsdPerHour } = props;
  const router = useRouter();
  const [asks, setAsks] = useState<RentalGoal | 'more' | null>(null);
  if (state === 'ended') return null;
  const isGoing = goal === 'gone';
  const dialog = { onClose: () => setAsks(null), onDone: () => router.refresh() };
  const running = rateWords(runningNanoUsdPerHour);
  const storage = rateWords(storageNanoUsdPerHour);
  return (
    <div className="flex max-w-sm flex-wrap items-start gap-2 sm:justify-end">
      {goal === 'stopped' ? (
        <Button onClick={() => setAsks('running')}>
          <Play size={14} aria-hidden />
          Start: {running}
        </Button>
      ) : (
        <Button onClick={() => setAsks('stopped')} disabled={isGoing || openJobId !== null}>
          <Square size={13} aria-hidden />
          Stop: {storage === UNKNOWN_RATE ? 'the disk is billed on' : `${storage} for the disk`}
        </Button>
      )}
      {goal === 'running' ? (
        <RestartButton
          rentalId={rentalId}
          name={name}
          state={state}
          hasOpenJob={openJobId !== null}
          onDone={dialog.onDone}
        />
      ) : null}
      <Button onClick={() => setAsks('more')} disabled={isGoing}>
        <Timer size={14} aria-hidden />
        Extend
      </Button>
      <Button look="danger" onClick={() => setAsks('gone')} disabled={isGoing || openJobId !== null}>
        <Undo2 size={15} aria-hidden />
        {isGoing ? 'Giving it back…' : 'Give it back: ends the bill'}
      </Button>
      {openJobId === null || isGoing ? null : (
        <p className="w-full text-ink-muted text-xs sm:text-right">
          <Link href={`/jobs/${openJobId}`} className="text-accent underline-offset-2 hover:underline">
            Its job
          </Link>{' '}
          is not done; canceling it also decides about the machine.
        </p>
      )}
      <ExtendDialog
        {...dialog}
        open={asks === 'more'}
        rentalId={rentalId}
        name={name}
        mostNanoUsd={props.mostNanoUsd}
        mostMs={props.mostMs}
        spentNanoUsd={props.spentNanoUsd}
        isStopped={goal === 'stopped'}
        unsavedCount={props.unsaved.length}
        running={running}
      />
      <ReleaseDialog
        {...dialog}
        open={asks === 'gone'}
        rentalId={rentalId}
        name={name}
        rate={rateWords(props.nowNanoUsdPerHour)}
        unsaved={props.unsaved}
      />
      <ConfirmDialog
        {...dialog}
        open={asks === 'stopped'}
        title={`Stop ${name}?`}
        action={setRentalGoalAction}
        fields={{ rentalId, goal: 'stopped' }}
        confirm="Stop it"
        keep="Keep running"
      >
        What is on it is kept, and its disk is billed on: {storage} instead of {running}. Somebody else may rent its GPU
        meanwhile; then starting it again has to wait.
      </ConfirmDialog>
      <ConfirmDialog
        {...dialog}
        open={asks === 'running'}
        title={`Start ${name} again?`}
        action={setRentalGoalAction}
        fields={{ rentalId, goal: 'running' }}
        confirm="Start it"
        keep="Leave it stopped"
      >
        It is billed in full from then on: {running}. If its GPU was rented by somebody else, it waits for that.
      </ConfirmDialog>
    </div>
  );
}
