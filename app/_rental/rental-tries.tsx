import { formatUsd } from '../../lib/domain/money';
import { placeName } from '../../lib/domain/place-name';
import type { RentalTryView } from '../../lib/domain/rental';
import { failureTitle } from '../_copy/failure-copy';
import { formatUsdPerHour } from '../_copy/rate-words';
import { RENTAL_TRY_WORDS } from '../_copy/rental-state-copy';
import { Card } from '../_ui/card';
import { Elapsed } from '../_ui/elapsed';
import { RelativeTime } from '../_ui/relative-time';

/** Each machine that was asked for, with why it was given up. */
export function RentalTries({
  tries,
  mostTries,
}: {
  readonly tries: readonly RentalTryView[];
  readonly mostTries: number;
}) {
  return (
    <Card
      title="Machines asked for"
      aside={
        <span className="figures text-ink-muted text-xs">
          {tries.length} of at most {mostTries}
        </span>
      }
      flush
    >
      {tries.length === 0 ? (
        <p className="px-4 py-6 text-ink-muted sm:px-5">None yet.</p>
      ) : (
        <ol className="divide-y">
          {tries.map((each, index) => (
            <TryRow key={each.id} each={each} number={index + 1} />
          ))}
        </ol>
      )}
    </Card>
  );
}

function TryRow({ each, number }: { readonly each: RentalTryView; readonly number: number }) {
  const { offer, estimate, failure, containerLog } = each;
  return (
    <li className="px-4 py-3 sm:px-5">
      <p className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span className="font-medium">
          <span className="figures text-ink-faint">{number}</span> {placeName(offer.place) ?? 'Somewhere'}:{' '}
          {RENTAL_TRY_WORDS[each.state]}
        </span>
        <span className="figures text-ink-muted text-xs">
          {formatUsd(estimate.totalNanoUsd)} estimated, {formatUsdPerHour(estimate.nanoUsdPerHour)}
        </span>
      </p>
      <p className="mt-0.5 text-ink-muted text-xs">
        {offer.gpuName ?? 'no GPU'} · offer {offer.id} · machine {offer.machineId}
        {each.serviceId === null ? '' : ` · instance ${each.serviceId}`}
      </p>
      <p className="mt-0.5 text-ink-muted text-xs">
        asked <RelativeTime at={each.askedAt} />
        {each.reachableAt === null ? null : (
          <>
            , answered after <Elapsed from={each.askedAt} to={each.reachableAt} />
          </>
        )}
        {each.goneAt === null ? null : (
          <>
            , proven gone <RelativeTime at={each.goneAt} />
          </>
        )}
      </p>
      {failure === null ? null : (
        <p className="wrap-anywhere mt-1.5 border-bad/60 border-l-2 pl-3">
          <span className="font-medium text-bad">{failureTitle(failure.code)}.</span> {failure.message}
        </p>
      )}
      {containerLog === null ? null : (
        <details className="mt-1.5">
          <summary className="w-fit text-ink-muted text-xs">The last lines of its container</summary>
          <pre className="wrap-anywhere mt-1 max-h-80 overflow-y-auto whitespace-pre-wrap font-mono text-xs">
            {containerLog}
          </pre>
        </details>
      )}
    </li>
  );
}
