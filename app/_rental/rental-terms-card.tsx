import { formatDuration } from '../../lib/domain/duration';
import { formatUsd } from '../../lib/domain/money';
import type { RentalView } from '../../lib/domain/rental';
import { mostWithSaving } from '../../lib/domain/rental-saving';
import { formatUsdPerHour } from '../_copy/rate-words';
import { RENTAL_AFTERWARDS_COPY } from '../_copy/rental-state-copy';
import { selfStopWords } from '../_copy/self-stop-words';
import { Card } from '../_ui/card';
import { RelativeTime } from '../_ui/relative-time';
import { FactList } from '../_ui/stat';

/** What was agreed to before anything was rented. */
export function RentalTermsCard({ rental }: { readonly rental: RentalView }) {
  const { terms, createdAt } = rental;
  const { word, meaning } = RENTAL_AFTERWARDS_COPY[terms.afterwards];
  return (
    <Card title="Terms">
      <FactList
        facts={[
          ['Agreed', <RelativeTime key="at" at={createdAt} />],
          ['Most per hour', formatUsdPerHour(terms.mostNanoUsdPerHour)],
          [
            'Budget',
            `${formatUsd(terms.mostNanoUsd)}, for all machines together; up to ${formatUsd(mostWithSaving(terms))} with bringing files home after a limit`,
          ],
          ['Deadline', `${formatDuration(terms.mostMs)} after it was agreed`],
          ['Machines', `at most ${terms.mostTries}, one after the other`],
          [
            'Where',
            `${terms.countries.length === 0 ? 'anywhere' : terms.countries.join(', ')}${terms.isDatacenterOnly ? ', data centers only' : ''}`,
          ],
          ['Least download', `${Math.round(terms.leastDownBitsPerSecond / 1e6)} Mbit/s`],
          ['Afterwards', `${word}. ${meaning}`],
          ['Without Quantdeck', selfStopWords(rental.tries.at(-1)?.selfStop ?? null)],
        ]}
      />
    </Card>
  );
}
