import { type Failure, FailureError, failureError } from '../domain/failure';
import { type AttemptEnd, runAttempt } from './attempt-runner';
import { evidenceOffsets } from './evidence-offsets';
import { isOpen } from './ledger-port';
import { runLocal } from './local-runner';
import type { StepContext } from './step-context';
import type { CheckResult, StepDefinition, StepPlan } from './step-definition';

/** A run whose end nobody saw (host rebooted, supervisor killed) is tried again this often before a person is asked. */
const TRIES_AFTER_UNKNOWN_END = 2;
const TAIL_BYTES = 64 * 1024;

export type StepEnd =
  | { readonly status: 'succeeded'; readonly result: unknown }
  | { readonly status: 'skipped'; readonly reason: string; readonly result: unknown };

/** What is to be done for a step: nothing, for its result is there, or what its plan says. */
export type StepOpening = { readonly kind: 'done'; readonly result: unknown } | StepPlan;

/** Looks whether the result is there already, and plans the work if not. It changes nothing on the host. */
export async function openStep(definition: StepDefinition, context: StepContext): Promise<StepOpening> {
  const { attempt } = context.step;
  if (!(isOpen(attempt) && attempt.kind === 'remote')) {
    const before = await definition.check(context, 'before');
    // Local work whose process died between its end and that of the step.
    if (before.done && isOpen(attempt))
      context.ended = { id: attempt.id, exitCode: null, endedAt: context.world.clock.now() };
    if (before.done) return { kind: 'done', result: before.result };
  }
  return definition.plan(context);
}

/** Brings one step to its end; throws a FailureError when it cannot. */
export async function runStep(definition: StepDefinition, context: StepContext, plan: StepOpening): Promise<StepEnd> {
  if (plan.kind === 'done') return { status: 'succeeded', result: plan.result };
  if (plan.kind === 'skip') return { status: 'skipped', reason: plan.reason, result: plan.result };
  if (plan.kind === 'local') return runLocalStep(definition, context, plan);
  return runRemoteStep(definition, context, plan);
}

async function runLocalStep(
  definition: StepDefinition,
  context: StepContext,
  plan: Extract<StepPlan, { kind: 'local' }>,
): Promise<StepEnd> {
  await runLocal(context, plan);
  context.freeLane();
  const after = await definition.check(context, 'after');
  if (after.done) return { status: 'succeeded', result: after.result };
  throw failureError(after.failure ?? notTrueAfterwards(context, 0));
}

async function runRemoteStep(
  definition: StepDefinition,
  context: StepContext,
  plan: Extract<StepPlan, { kind: 'remote' }>,
): Promise<StepEnd> {
  for (let tries = 1; ; tries += 1) {
    const { attempt } = context.step;
    const logStart = isOpen(attempt) ? attempt.logStart : await context.log.length();
    const end = await runAttempt(context, plan);
    const after = await definition.check(context, 'after');
    if (after.done) return { status: 'succeeded', result: after.result };
    if (end.exitCode !== null || tries > TRIES_AFTER_UNKNOWN_END) {
      throw failureError(await explainEnd({ context, plan, end, after, logStart }));
    }
    await context.log.line(
      `The end of this run was not seen (${end.state}); its result is not there, so it runs again.`,
    );
    if (context.ended) await context.world.ledger.endAttempt(context.lease, context.ended.id, end.exitCode);
    context.ended = null;
    context.step = { ...context.step, attempt: null };
  }
}

interface Ended {
  readonly context: StepContext;
  readonly plan: Extract<StepPlan, { kind: 'remote' }>;
  readonly end: AttemptEnd;
  readonly after: Extract<CheckResult, { done: false }>;
  readonly logStart: number;
}

/** Why a remote run did not give its result: the tool's own words first, then what the check saw, then the exit code. */
async function explainEnd(ended: Ended): Promise<Failure> {
  const { log } = ended.context;
  const tail = await log.tail(ended.logStart, TAIL_BYTES);
  const failure = explainTail(ended, tail);
  return { ...failure, evidenceOffsets: evidenceOffsets(failure.evidence, tail, await log.length()) };
}

function explainTail({ context, plan, end, after }: Ended, tail: string): Failure {
  const explained = end.exitCode === 0 ? null : plan.explain(tail, end.exitCode);
  // Our own programs say what it was and leave it to the log to show it.
  if (explained) return explained.evidence.length > 0 ? explained : { ...explained, evidence: lastLines(tail) };
  if (after.failure) return after.failure;
  if (end.exitCode === null) {
    return new FailureError(
      'attempt-lost',
      `The run ended unseen ${TRIES_AFTER_UNKNOWN_END + 1} times (${end.state}).`,
      {
        remedy: 'The host restarts or kills the work, often for lack of memory. Check it, then retry.',
        evidence: lastLines(tail),
      },
    ).failure;
  }
  if (end.exitCode === 0) return notTrueAfterwards(context, end.exitCode, tail);
  return exitFailure(end.exitCode, tail);
}

function exitFailure(exitCode: number, tail: string): Failure {
  if (exitCode === 137) {
    return new FailureError(
      'out-of-memory',
      'The command was killed on the host (exit code 137), most often because memory ran out.',
      {
        remedy: 'Use a host with more memory, or close what else runs there, then retry: finished steps are kept.',
        evidence: lastLines(tail),
      },
    ).failure;
  }
  return new FailureError('command-failed', `The command on the host ended with exit code ${exitCode}.`, {
    remedy: "The last lines below are the tool's own words. Retry continues from this step.",
    evidence: lastLines(tail),
  }).failure;
}

function notTrueAfterwards(context: StepContext, exitCode: number, tail = ''): Failure {
  return new FailureError(
    'output-invalid',
    `The step ${context.step.key} ended with exit code ${exitCode}, but its result is not there.`,
    {
      remedy: "Retry the step. If it stays, the host's disk may be full or failing.",
      evidence: lastLines(tail),
    },
  ).failure;
}

function lastLines(text: string): string[] {
  return text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('quantdeck-'))
    .slice(-6)
    .map((line) => line.slice(0, 400));
}
