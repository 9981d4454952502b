import type { JobDetail } from '../../lib/domain/views';
import { findRentalOfInstance } from '../../lib/store/rental-views';
import { paidFor } from '../_rental/paid-for';
import { LaterJobMoney } from './later-job-money';

/** The money line of a job whose machine is rented; nothing for any other job. */
export async function RentedJobMoney({ job }: { readonly job: Pick<JobDetail, 'instanceId'> }) {
  const rental = await findRentalOfInstance(job.instanceId);
  if (!rental) return null;
  const ended = rental.endedAt === null ? null : { at: rental.endedAt, ...paidFor(rental.money) };
  return <LaterJobMoney rentalId={rental.id} instanceId={job.instanceId} ended={ended} />;
}
