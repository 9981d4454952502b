'use client';
import { useState } from 'react';
import { formatUsd } from '../../lib/domain/money';
import { Button, type ButtonLook } from '../_ui/button';
import { RentDialog } from './rent-dialog';
import type { RentPlan } from './rent-plan';

interface RentButtonProps {
  readonly plan: RentPlan;
  readonly look: ButtonLook;
  /** Whether the dialog is there already when the page comes: for whoever pressed the one button elsewhere. */
  readonly isOpenAtFirst?: boolean;
}

/** "Rent and convert", with the dialog that says what it comes to. */
export function RentButton({ plan, look, isOpenAtFirst = false }: RentButtonProps) {
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  return (
    <>
      <Button look={look} size="small" onClick={() => setOpen(true)} aria-haspopup="dialog">
        Rent and convert: about {formatUsd(plan.estimate.totalNanoUsd)}
      </Button>
      <RentDialog plan={plan} open={isOpen} onClose={() => setOpen(false)} />
    </>
  );
}
