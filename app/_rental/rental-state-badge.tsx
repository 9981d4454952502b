import clsx from 'clsx';
import CircleCheck from 'lucide-react/icons/circle-check';
import CirclePause from 'lucide-react/icons/circle-pause';
import CircleX from 'lucide-react/icons/circle-x';
import LoaderCircle from 'lucide-react/icons/loader-circle';
import type { RentalView } from '../../lib/domain/rental';
import { RENTAL_STATE_COPY, rentalStateWords } from '../_copy/rental-state-copy';
import { Badge } from '../_ui/badge';

const ICONS = { ok: CircleCheck, bad: CircleX, warn: CirclePause, quiet: CircleCheck, accent: LoaderCircle } as const;

/** Where a rental stands, as icon and words. */
export function RentalStateBadge({ rental }: { readonly rental: Pick<RentalView, 'state' | 'phase'> }) {
  const { tone, passes } = RENTAL_STATE_COPY[rental.state];
  const Icon = ICONS[tone];
  return (
    <Badge tone={tone}>
      <Icon size={13} aria-hidden className={clsx(passes && 'animate-spin [animation-duration:2.4s]')} />
      {rentalStateWords(rental.state, rental.phase).word}
    </Badge>
  );
}
