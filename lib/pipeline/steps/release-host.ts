import { FailureError } from '../../domain/failure';
import { formatUsd } from '../../domain/money';
import type { RentalAfterwards, RentalView } from '../../domain/rental';
import { followRental, rentalOf } from '../rental-story';
import type { UnsavedFile } from '../rentals-port';
import type { StepContext } from '../step-context';
import type { CheckResult, StepDefinition, StepPlan } from '../step-definition';

/**
 * Ends the machine's bill once the job's files are saved, as the person chose: gives it back and waits for the proof that
 * it is gone, stops it, or leaves it be. A machine with a file that is nowhere else is never given back here.
 */
export const releaseHost: StepDefinition = {
  kind: 'release-host',

  async check(context: StepContext): Promise<CheckResult> {
    const rental = await rentalOf(context);
    if (!isSettled(rental, afterwardsOf(context))) return { done: false };
    return { done: true, result: { provenAt: rental.endedAt } };
  },

  async plan(context: StepContext): Promise<StepPlan> {
    const { rentals } = context.world;
    const afterwards = afterwardsOf(context);
    const { money } = await rentalOf(context);
    const perHour = money.nowNanoUsdPerHour === null ? '' : `: ${formatUsd(money.nowNanoUsdPerHour)} an hour`;
    if (afterwards === 'keep') return { kind: 'skip', reason: `It is kept, as you chose, and billed on${perHour}.` };
    const other = await rentals.otherJob(context.host.instanceId, context.jobId);
    if (other !== null)
      return { kind: 'skip', reason: `The job "${other}" needs it still; it is billed on${perHour}.` };
    return {
      kind: 'local',
      command: afterwards === 'destroy' ? 'give the machine back' : 'stop the machine',
      run: (signal) => release(context, afterwards, signal),
    };
  },
};

async function release(
  context: StepContext,
  afterwards: Exclude<RentalAfterwards, 'keep'>,
  signal: AbortSignal,
): Promise<void> {
  const { rentals } = context.world;
  const { id } = await rentalOf(context);
  if (afterwards === 'destroy') refuseUnsaved(await rentals.unsavedFiles(context.host.instanceId));
  await rentals.setGoal(id, afterwards === 'destroy' ? 'gone' : 'stopped');
  const rental = await followRental(context, signal, (now) => isSettled(now, afterwards));
  await context.log.line(
    rental.endedAt === null
      ? `The machine is stopped. Its disk is kept and billed${perHourOf(rental)}, until it is given back.`
      : `Billing ended ${clockTime(rental.endedAt)} UTC, proven: no instance of this rental is there.`,
  );
}

function isSettled({ state }: RentalView, afterwards: RentalAfterwards): boolean {
  return state === 'ended' || (afterwards === 'stop' && state === 'stopped');
}

function afterwardsOf({ spec }: StepContext): RentalAfterwards {
  // Jobs without a rental have no such step.
  return spec.rental?.afterwards ?? 'keep';
}

function refuseUnsaved(files: readonly UnsavedFile[]): void {
  if (files.length === 0) return;
  const names = files.map(({ fileName }) => fileName);
  throw new FailureError(
    'rental-holds-unsaved',
    `The machine was not given back: ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} on it and nowhere else.`,
    {
      remedy:
        'Bring the files home and retry. To lose them, give the machine back on its own page and name them there.',
      evidence: names,
    },
  );
}

function perHourOf({ money }: RentalView): string {
  return money.nowNanoUsdPerHour === null ? '' : ` at ${formatUsd(money.nowNanoUsdPerHour)} an hour`;
}

function clockTime(at: string): string {
  return at.slice(11, 16);
}
