import { FailureError } from '../domain/failure';
import type { HostSession } from './host-port';
import type { PipelineDependencies } from './step-context';

/**
 * Connects to a machine that was rented for a job. One that is proven gone is not waited for: throws `rental-machine-lost`
 * then, else as any host.
 */
export async function connectRentedHost(
  { rentals, connectHost }: Pick<PipelineDependencies, 'rentals' | 'connectHost'>,
  instanceId: string,
  signal?: AbortSignal,
): Promise<HostSession> {
  const rental = await rentals.find(instanceId);
  if (rental?.state !== 'ended') return connectHost(instanceId, signal);
  throw new FailureError('rental-machine-lost', 'The rented machine is gone, with all that was on it alone.', {
    remedy: 'Retry the job: that rents another one on the same terms, and keeps the files that are home and proven.',
    evidence: rental.failure ? [rental.failure.message] : [],
  });
}
