import type { RentalView } from '../../lib/domain/rental';
import { rentalStateWords, usualWords } from '../_copy/rental-state-copy';
import { Elapsed } from '../_ui/elapsed';

/** What a rental is doing, for how long already, and how long that usually takes. */
export function StateLine({ rental }: { readonly rental: RentalView }) {
  const { state, phase, stateSince, statusText } = rental;
  const usual = usualWords(state);
  return (
    <div className="min-w-0 text-ink-muted">
      <p className="text-pretty">{rentalStateWords(state, phase).meaning}</p>
      {state === 'ended' ? null : (
        <p className="mt-0.5 text-xs">
          <Elapsed from={stateSince} to={null} /> so far{usual === null ? '' : `, ${usual}`}
        </p>
      )}
      {statusText === null || state === 'ended' ? null : (
        <p className="wrap-anywhere mt-0.5 font-mono text-xs">{statusText}</p>
      )}
    </div>
  );
}
