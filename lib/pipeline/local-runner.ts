import { isOpen } from './ledger-port';
import type { StepContext } from './step-context';
import type { StepPlan } from './step-definition';

/** Runs work of the dashboard's own as an attempt, so that the page shows it like any other. */
export async function runLocal(context: StepContext, plan: Extract<StepPlan, { kind: 'local' }>): Promise<void> {
  const { ledger, newId, clock } = context.world;
  const stale = context.step.attempt;
  // An earlier process died in the middle. Local work is safe to start again; its attempt ended with that process.
  if (isOpen(stale)) await ledger.endAttempt(context.lease, stale.id, null);
  const attempt = await ledger.createAttempt(context.lease, context.step.id, {
    id: newId(),
    kind: 'local',
    command: plan.command,
    logStart: await context.log.length(),
  });
  await context.log.line(`$ ${plan.command}`);
  try {
    await plan.run(context.signal);
    // Written with the end of the step; after a crash before that the work is done again, or found done.
    context.ended = { id: attempt.id, exitCode: 0, endedAt: clock.now() };
  } catch (error) {
    if (!context.signal.aborted) context.ended = { id: attempt.id, exitCode: 1, endedAt: clock.now() };
    throw error;
  }
}
