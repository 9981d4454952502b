import Hourglass from 'lucide-react/icons/hourglass';
import type { RentalView } from '../../lib/domain/rental';
import { rateWords } from '../_copy/rate-words';
import { Elapsed } from '../_ui/elapsed';
import { idleTooLongMs } from './rental-alarms';

/** The loudest thing there is here: a machine that is paid for and does nothing. */
export function IdleNotice({ rental, nowMs }: { readonly rental: RentalView; readonly nowMs: number }) {
  if (rental.idleSince === null || idleTooLongMs(rental, nowMs) === null) return null;
  return (
    <p className="flex items-center gap-3 rounded-lg bg-bad px-4 py-3 text-surface">
      <Hourglass size={22} aria-hidden className="shrink-0" />
      <span className="min-w-0">
        <strong className="block font-semibold text-base">Idle but billing</strong>
        No job has used it for <Elapsed from={rental.idleSince} to={null} />, at{' '}
        {rateWords(rental.money.nowNanoUsdPerHour)}. Give it back, stop it, or start a job there.
      </span>
    </p>
  );
}
