import { isOpen } from './ledger-port';
import type { StepContext } from './step-context';
import type { StepPlan } from './step-definition';

/** Runs work of the dashboard's own as an attempt, so that the page shows it like any other. */
export async function runLocal(context: StepContext, plan: Extract<StepPlan, { kind: 'local' }>): Promise<void> {
  const { ledger, newId } = context.world;
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
    await ledger.endAttempt(context.lease, attempt.id, 0);
  } catch (error) {
    if (!context.signal.aborted) await ledger.endAttempt(context.lease, attempt.id, 1);
    throw error;
  }
}
