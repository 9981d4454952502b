import { type CalibrationOf, calibrate } from '../domain/calibrate';
import { FailureError, isFailureError } from '../domain/failure';
import { longestRunSeconds } from '../domain/longest-run';
import type { Offer } from '../domain/offer';
import { DEFAULT_OFFER_LIMITS, type OfferLimits } from '../domain/offer-problem';
import { type OfferRanking, type RankedOffer, rankOffers } from '../domain/rank-offers';
import { fail } from '../domain/rental-action';
import { usableImages } from '../domain/rental-coming';
import { accountProblem } from '../domain/rental-credit';
import { estimateRental } from '../domain/rental-estimate';
import { imageOf, RENTAL_IMAGES } from '../domain/rental-image';
import { formatRentalLabel } from '../domain/rental-label';
import type { RentalRecord, RentalTryRecord } from '../domain/rental-record';
import { isUnknown, thereChange } from '../domain/rental-release';
import { diskNeedGb } from '../domain/rental-work';
import { tightTerms } from '../domain/tight-terms';
import { placeAccountKey } from './account-key';
import type { RentalCase } from './rental-case';
import type { RentalParts } from './rental-ports';
import { startScript } from './start-script';

const MOST_OFFERS = 256;

/** Writes down which offer is asked for next; ends the rental when there is none that its terms allow. */
export async function chooseOffer({ parts, provider, accountId, record }: RentalCase): Promise<boolean> {
  const { ledger, clock } = parts;
  const { terms } = record;
  const offers = await provider.searchOffers({
    diskGb: diskNeedGb(record.work),
    leastDownBitsPerSecond: terms.leastDownBitsPerSecond,
    leastReliability: DEFAULT_OFFER_LIMITS.leastReliability,
    countries: terms.countries,
    mostOffers: MOST_OFFERS,
  });
  const calibrationOf = calibrate(await ledger.listOutcomes());
  const avoidedMachineIds = await ledger.avoidedMachines(clock.nowMs());
  const limits: OfferLimits = {
    ...DEFAULT_OFFER_LIMITS,
    leastDownBitsPerSecond: terms.leastDownBitsPerSecond,
    avoidedMachineIds,
    mostTotalNanoUsd: terms.mostNanoUsd - record.spentNanoUsd,
  };
  const ranking = rankOffers(
    offers.filter((offer) => isAgreed(record, offer)),
    record.work,
    limits,
    calibrationOf,
    usableImages(record.tries),
  );
  const chosen =
    wishedOffer(record, offers, calibrationOf) ?? ranking.ranked.find((each) => isAffordable(record, each));
  if (!chosen) return ledger.change(record, fail(noOffer(record, offers.length, ranking)).change, clock.nowMs());
  const problem = accountProblem(await provider.account(), chosen.estimate);
  if (problem !== null) return ledger.change(record, fail(problem).change, clock.nowMs());
  const id = parts.newId();
  const label = formatRentalLabel({ installationId: parts.installationId, rentalId: id });
  const { offer, estimate } = chosen;
  const isAdded = await ledger.addTry(record, { id, label, accountId, offer, estimate }, clock.nowMs());
  if (isAdded) await warnOfTightTerms(parts, record, estimate);
  return isAdded;
}

/** It is what was agreed, so it is rented all the same; whoever agreed by a program saw no warning. */
async function warnOfTightTerms(
  { ledger, clock }: RentalParts,
  record: RentalRecord,
  estimate: RankedOffer['estimate'],
): Promise<void> {
  const nowMs = clock.nowMs();
  const mostNanoUsd = record.terms.mostNanoUsd - record.spentNanoUsd;
  const mostMs = record.terms.mostMs - (nowMs - record.createdAtMs);
  const words = tightTerms({ mostNanoUsd, mostMs }, estimate);
  if (words.length === 0) return;
  const text = `${words.join(' ')} At the limit the job is ended, done or not; the rental can be extended before.`;
  await ledger.note(record.id, 'warning', text, nowMs);
}

/** What a person chose is asked for first, whatever is better, as long as it costs no more than agreed. */
function wishedOffer(
  record: RentalRecord,
  offers: readonly Offer[],
  calibrationOf: CalibrationOf,
): Pick<RankedOffer, 'offer' | 'estimate'> | null {
  if (record.terms.offerId === null || record.tries.length > 0) return null;
  const offer = offers.find(({ id }) => id === record.terms.offerId);
  const estimate = offer ? estimateRental(offer, record.work, calibrationOf(offer)) : null;
  return offer && estimate && isAffordable(record, { offer, estimate }) ? { offer, estimate } : null;
}

function isAffordable({ terms }: RentalRecord, { estimate }: Pick<RankedOffer, 'offer' | 'estimate'>): boolean {
  return estimate.nanoUsdPerHour <= terms.mostNanoUsdPerHour;
}

/** Filters of a service are not always applied, and a machine that was tried once is not tried again. */
function isAgreed({ terms, tries }: RentalRecord, offer: Offer): boolean {
  if (
    tries.some((each) => each.offer.id === offer.id || (each.thereAtMs !== null && each.machineId === offer.machineId))
  ) {
    return false;
  }
  if (terms.isDatacenterOnly && !offer.isDatacenter) return false;
  return terms.countries.length === 0 || (offer.country !== null && terms.countries.includes(offer.country));
}

function noOffer(record: RentalRecord, count: number, { ranked, refused }: OfferRanking) {
  const reasons = new Map<string, number>();
  for (const { problems } of refused) {
    for (const { code } of problems.slice(0, 1)) reasons.set(code, (reasons.get(code) ?? 0) + 1);
  }
  const evidence = [
    ...[...reasons].sort((a, b) => b[1] - a[1]).map(([code, times]) => `${code}: ${times}`),
    ...(ranked.length > 0 ? [`dearer than agreed for an hour: ${ranked.length}`] : []),
    ...record.tries.flatMap(({ ordinal, failure }) => (failure ? [`machine ${ordinal}: ${failure.message}`] : [])),
  ];
  return new FailureError('rental-no-offer', `None of ${count} offers can do this job within what was agreed.`, {
    remedy: 'Allow a higher price or more countries, or try again later: offers change by the minute.',
    evidence,
    isTransient: true,
  }).failure;
}

/**
 * Sends an order at most once. That it is sent is written down first, if it still is wanted and was not sent; whatever
 * ends this function before the outcome is written leaves a try that is looked for by its label and never sent again.
 */
export async function sendOrder(tended: RentalCase, attempt: RentalTryRecord): Promise<void> {
  const { parts, provider, record } = tended;
  const { ledger, clock } = parts;
  if (attempt.accountId !== null && attempt.accountId !== tended.accountId) return takeBack(tended, attempt);
  const publicKey = await ledger.publicKeyOf(record.instanceId);
  await placeAccountKey(tended, publicKey);
  const sentAtMs = clock.nowMs();
  const isOurs = await ledger.change(record, { attempt: { id: attempt.id, from: 'asking', sentAtMs } }, sentAtMs);
  if (!isOurs) return;
  try {
    const { instanceId, otherInstanceIds } = await provider.rent(orderOf(parts, record, attempt, publicKey));
    // More than one of a label is found by the watch over the account, and reported.
    if (otherInstanceIds.length > 0) parts.logger.warn('more than one instance of a label', { otherInstanceIds });
    await writeOutcome(parts, record, (nowMs) => thereChange(attempt, instanceId, nowMs));
  } catch (error) {
    if (!isFailureError(error)) throw error;
    const { failure } = error;
    const doubt = { id: attempt.id, from: 'asking', sentAtMs: clock.nowMs(), failure } as const;
    if (isUnknown(failure)) await writeOutcome(parts, record, () => ({ attempt: doubt }));
    else await writeRefusal(parts, record, attempt, error);
  }
}

/** It was written down for another account than would be asked now, and never sent: the next one is chosen here. */
async function takeBack({ parts, record }: RentalCase, { id }: RentalTryRecord): Promise<void> {
  const nowMs = parts.clock.nowMs();
  const attempt = { id, from: 'asking', state: 'gone', goneAtMs: nowMs } as const;
  await parts.ledger.change(record, { rental: { state: 'looking' }, attempt }, nowMs);
}

/** After a refusal that is certain nothing was left behind. */
function writeRefusal(
  parts: RentalParts,
  record: RentalRecord,
  attempt: RentalTryRecord,
  { failure }: FailureError,
): Promise<void> {
  const isMachine = failure.code === 'rental-refused';
  return writeOutcome(parts, record, (nowMs) => ({
    rental: { state: 'looking' },
    attempt: { id: attempt.id, from: 'asking', state: 'gone', goneAtMs: nowMs, failure },
    ...(isMachine ? { avoids: { machineId: attempt.machineId, reason: failure.message } } : {}),
    event: { level: 'warning', text: `Offer ${attempt.offer.id} could not be rented: ${failure.message}` },
  }));
}

/** The outcome is a fact, whatever is wanted by now: it is written down beside any new goal. */
async function writeOutcome(
  { ledger, clock }: RentalParts,
  record: RentalRecord,
  change: (nowMs: number) => Parameters<RentalParts['ledger']['change']>[1],
): Promise<void> {
  for (let current: RentalRecord | null = record; current !== null; current = await ledger.find(record.id)) {
    const nowMs = clock.nowMs();
    if (await ledger.change(current, change(nowMs), nowMs)) return;
  }
}

function orderOf(parts: RentalParts, record: RentalRecord, attempt: RentalTryRecord, publicKey: string) {
  return {
    offerId: attempt.offer.id,
    label: attempt.label,
    image: RENTAL_IMAGES[imageOf(attempt.estimate)].reference,
    diskGb: attempt.estimate.diskGb,
    startScript: startScript({
      publicKey,
      serviceUrl: parts.serviceUrl,
      deadMan: { ...parts.deadMan, longestSeconds: longestRunSeconds(record, parts.clock.nowMs()) },
      quote: parts.quote,
    }),
    environment: { TZ: 'UTC' },
    mostNanoUsdPerHour: record.terms.mostNanoUsdPerHour,
  };
}
