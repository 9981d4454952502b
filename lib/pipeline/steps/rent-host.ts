import { FailureError, failureError } from '../../domain/failure';
import { formatUsd } from '../../domain/money';
import type { RentalView } from '../../domain/rental';
import { followRental, rentalOf } from '../rental-story';
import type { StepContext } from '../step-context';
import type { CheckResult, StepDefinition, StepPlan } from '../step-definition';

/**
 * Waits until the machine that is rented for this job answers by SSH. It rents nothing itself: the wish was written with
 * the job, and the keeper of rentals follows it whether this step runs or not.
 */
export const rentHost: StepDefinition = {
  kind: 'rent-host',

  async check(context: StepContext, when: 'before' | 'after'): Promise<CheckResult> {
    const rental = await rentalOf(context);
    // Afterwards it was ready a moment ago; should it be away just now, the next step waits for it as for any host.
    const isThere = when === 'after' ? rental.state !== 'ended' : isReady(rental);
    return isThere
      ? { done: true, result: { rentalId: rental.id, serviceId: rental.seen?.id ?? null } }
      : { done: false };
  },

  async plan(context: StepContext): Promise<StepPlan> {
    const { terms } = await rentalOf(context);
    return {
      kind: 'local',
      command: `rent a machine: at most ${formatUsd(terms.mostNanoUsdPerHour)} an hour and ${formatUsd(terms.mostNanoUsd)} in all`,
      run: (signal) => waitUntilReady(context, signal),
    };
  },
};

async function waitUntilReady(context: StepContext, signal: AbortSignal): Promise<void> {
  const { rentals } = context.world;
  const before = await rentalOf(context);
  // It was stopped when an earlier run failed; whoever stops it from now on is obeyed.
  if (before.goal === 'stopped') await rentals.setGoal(before.id, 'running');
  const rental = await followRental(context, signal, (now) => isReady(now) || now.state === 'ended' || isStopped(now));
  if (isStopped(rental)) throw stopped(rental);
  if (rental.state === 'ended') throw rental.failure ? failureError(rental.failure) : givenBack();
}

/** Nobody starts it again by itself: its keeper gave it up for now, or reached a limit. */
function isStopped({ state, goal }: RentalView): boolean {
  return state === 'stopped' && goal === 'stopped';
}

function stopped({ alarm, failure }: RentalView): FailureError {
  const reason = alarm ?? failure;
  if (reason) return failureError(reason);
  return new FailureError('rental-not-ready', 'The machine was stopped before the job could begin on it.', {
    remedy: 'Retry the job: that starts the machine again.',
  });
}

function isReady({ state, goal }: RentalView): boolean {
  return state === 'ready' && goal === 'running';
}

function givenBack(): FailureError {
  return new FailureError('rental-gave-up', 'The machine was given back before the job could begin on it.', {
    remedy: 'Retry the job: that rents another one on the same terms.',
  });
}
