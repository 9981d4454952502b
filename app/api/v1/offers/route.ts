import { calibrate } from '../../../../lib/domain/calibrate';
import { FailureError } from '../../../../lib/domain/failure';
import { listDevices } from '../../../../lib/store/device-views';
import { findModelCheck } from '../../../../lib/store/model-check-views';
import { listRentalOutcomes } from '../../../../lib/store/rental-outcome-views';
import { offerFilterOf } from '../../../_rental/offer-filter';
import { rankForCheck, workForCheck } from '../../../_rental/rank-for-check';
import { answer, found, route } from '../../_http/api-route';
import { freshOffers } from '../../_http/fresh-offers';
import { readQuery } from '../../_http/read-input';
import { offersQuerySchema } from '../../_openapi/offer-operations';

/** Machines that could convert a checked model, by what the job costs on each. Nothing is rented. */
export const GET = route('read', async ({ request, query }) => {
  const { checkId, ...wishes } = readQuery(query, offersQuerySchema);
  const { report } = found(await findModelCheck(checkId), 'model check');
  if (report === null) {
    throw new FailureError('conflict', 'This check has no sizes: it runs still, or it failed.', {
      remedy: 'Look at the check; ask again when it has succeeded.',
    });
  }
  const filter = offerFilterOf(wishes, report, await listDevices());
  const { work, diskGb } = workForCheck(report, filter);
  const { offers, lookedAt } = await freshOffers(diskGb, request.signal);
  const { ranked, refused, reason, bestOfferId, doesGpuMatter } = rankForCheck(
    offers,
    work,
    filter,
    calibrate(await listRentalOutcomes()),
  );
  return answer({ checkId, lookedAt, diskGb, work, bestOfferId, reason, doesGpuMatter, offers: ranked, refused });
});
