import { calibrate } from '../../../../lib/domain/calibrate';
import { requireCheckpointOrigin } from '../../../../lib/domain/checkpoint-origin';
import { FailureError } from '../../../../lib/domain/failure';
import { proposedTerms } from '../../../../lib/domain/proposed-terms';
import { listDevices } from '../../../../lib/store/device-views';
import { findModelCheck } from '../../../../lib/store/model-check-views';
import { listRentalOutcomes } from '../../../../lib/store/rental-outcome-views';
import { marketWishOf, offerFilterOf } from '../../../_rental/offer-filter';
import { rankForCheck, workForCheck } from '../../../_rental/rank-for-check';
import { answer, found, route } from '../../_http/api-route';
import { freshOffers } from '../../_http/fresh-offers';
import { readQuery } from '../../_http/read-input';
import { offersQuerySchema } from '../../_openapi/offer-operations';

/** Machines that could convert a checked model, by what the job costs on each, with terms to agree to. Nothing is rented. */
export const GET = route('read', async ({ request, query }) => {
  const { checkId, ...wishes } = readQuery(query, offersQuerySchema);
  const { report, source } = found(await findModelCheck(checkId), 'model check');
  if (report === null) {
    throw new FailureError('conflict', 'This check has no sizes: it runs still, or it failed.', {
      remedy: 'Look at the check; ask again when it has succeeded.',
    });
  }
  const filter = offerFilterOf(wishes, report, await listDevices());
  const { work, diskGb } = workForCheck(report, filter, requireCheckpointOrigin(source));
  const { offers, lookedAt } = await freshOffers(diskGb, request.signal);
  const { ranked, refused, reason, bestOfferId } = rankForCheck(
    offers,
    work,
    filter,
    calibrate(await listRentalOutcomes()),
  );
  const wish = marketWishOf(filter);
  const proposed = ranked.map((each) => ({ ...each, proposedTerms: proposedTerms(each, wish) }));
  return answer({ checkId, lookedAt, diskGb, work, bestOfferId, reason, offers: proposed, refused });
});
