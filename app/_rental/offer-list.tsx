import Link from 'next/link';
import type { CheckpointOrigin } from '../../lib/domain/checkpoint-origin';
import type { RankedOffer } from '../../lib/domain/rank-offers';
import { offerProblemText } from '../_copy/rental-copy';
import { Card } from '../_ui/card';
import { EmptyState } from '../_ui/empty-state';
import { OfferRow } from './offer-row';
import type { CheckRanking } from './rank-for-check';
import type { RentPlan } from './rent-plan';

const FIRST_SHOWN = 20;
const REFUSED_SHOWN = 20;

interface OfferListProps {
  readonly ranking: CheckRanking;
  readonly sourceFrom: CheckpointOrigin;
  /** The address that shows all of them; null when it is the present one. */
  readonly allHref: string | null;
  /** What renting one would be agreed to as; null for a model that cannot be converted yet. */
  readonly planOf: ((ranked: RankedOffer) => RentPlan) | null;
  /** The person pressed the one button elsewhere: our choice is put before them at once. */
  readonly rentsAtOnce: boolean;
}

/** Machines that can do the job, and why the others cannot. */
export function OfferList({ ranking, sourceFrom, allHref, planOf, rentsAtOnce }: OfferListProps) {
  const { ranked, refused, reason, bestOfferId } = ranking;
  const shown = allHref === null ? ranked : ranked.slice(0, FIRST_SHOWN);
  return (
    <Card
      title="Machines"
      aside={<span className="figures text-ink-muted text-xs">{ranked.length} can do this job</span>}
      flush
    >
      {ranked.length === 0 ? (
        <EmptyState title="No machine can do this job with these wishes">
          Below is what speaks against each. Ask for less, or look again later.
        </EmptyState>
      ) : (
        <ol className="divide-y">
          {shown.map((each, index) => (
            <OfferRow
              key={each.offer.id}
              ranked={each}
              place={index + 1}
              reason={each.offer.id === bestOfferId ? reason : null}
              sourceFrom={sourceFrom}
              plan={planOf?.(each) ?? null}
              isPutForward={rentsAtOnce && each.offer.id === bestOfferId}
            />
          ))}
        </ol>
      )}
      {shown.length < ranked.length && allHref !== null ? (
        <Link
          href={allHref}
          className="block border-t px-4 py-2.5 font-medium text-accent hover:bg-quiet-soft/40 sm:px-5"
        >
          Show all {ranked.length}
        </Link>
      ) : null}
      {refused.length === 0 ? null : (
        <details className="border-t px-4 py-2.5 sm:px-5" open={ranked.length === 0}>
          <summary className="w-fit cursor-pointer font-medium">{refused.length} others cannot do it</summary>
          <ul className="mt-2 space-y-1 text-xs">
            {refused.slice(0, REFUSED_SHOWN).map(({ offer, problems }) => (
              <li key={offer.id} className="text-ink-muted">
                <span className="font-mono text-ink">{offer.id}</span> {problems.map(offerProblemText).join('; ')}
              </li>
            ))}
          </ul>
          {refused.length > REFUSED_SHOWN ? (
            <p className="mt-1 text-ink-muted text-xs">
              These are the ones that fail in the least; {refused.length - REFUSED_SHOWN} more are not listed.
            </p>
          ) : null}
        </details>
      )}
    </Card>
  );
}
