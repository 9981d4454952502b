import { type Failure, FailureError, toFailure } from '../domain/failure';
import type { AttemptStatus, HostSession } from './host-port';
import { type AttemptRecord, isOpen, type NewAttempt } from './ledger-port';
import { markerLane } from './marker-line';
import type { StepContext } from './step-context';
import type { StepPlan } from './step-definition';

type RemotePlan = Extract<StepPlan, { kind: 'remote' }>;

/** How an attempt on the host ended. `exitCode` is null when nobody can know it: the step's check() decides then. */
export interface AttemptEnd {
  readonly exitCode: number | null;
  readonly state: AttemptStatus['state'];
}

const CANCEL_GRACE_MS = 10_000;

/**
 * Makes the step's attempt exist on the host and observes it to its end. The id is in the database before the first byte
 * goes to the host, and starting is idempotent by it, so a crash at any line here leads back to the same attempt.
 */
export async function runAttempt(context: StepContext, plan: RemotePlan): Promise<AttemptEnd> {
  const attempt = await openAttempt(context, plan);
  const { exitCode, state } = await observe(context, plan, attempt);
  // Written with the step's own end. Whoever comes after a crash between the two asks the host again and hears the same.
  context.ended = { id: attempt.id, exitCode, endedAt: context.world.clock.now() };
  // A run whose end nobody saw may have to be run again, in the same lane.
  if (exitCode !== null) context.freeLane();
  await context.log.flush();
  return { exitCode, state };
}

async function openAttempt(context: StepContext, plan: RemotePlan): Promise<AttemptRecord> {
  const { lease, step, world } = context;
  if (isOpen(step.attempt) && step.attempt.kind === 'remote') return step.attempt;
  return world.ledger.createAttempt(lease, step.id, await newAttempt(context, plan));
}

/** What is to be committed before the host hears of a run. */
export async function newAttempt({ world, log }: StepContext, { script }: RemotePlan): Promise<NewAttempt> {
  return { id: world.newId(), kind: 'remote', command: script, logStart: await log.length() };
}

async function observe(context: StepContext, plan: RemotePlan, attempt: AttemptRecord): Promise<AttemptStatus> {
  for (;;) {
    const session = await context.host.session(context.signal);
    try {
      return await startAndFollow(context, plan, attempt, session);
    } catch (error) {
      if (context.signal.aborted || toFailure(error).code !== 'host-lost') throw error;
      context.host.drop(session);
    }
  }
}

async function startAndFollow(
  context: StepContext,
  plan: RemotePlan,
  attempt: AttemptRecord,
  session: HostSession,
): Promise<AttemptStatus> {
  const { log, world } = context;
  const decoder = new TextDecoder();
  const lane = markerLane();
  log.restart();
  const offset = (await log.length()) - attempt.logStart;
  const onData = async (chunk: Uint8Array) => {
    await log.append(chunk);
    const text = decoder.decode(chunk, { stream: true });
    const progress = plan.progress.push(text, world.clock.monotonicMs());
    if (progress) context.report(progress);
    const given = lane.push(text);
    if (given !== null) context.freeLane(given === 'measured' ? given : undefined);
  };
  const program = { attemptId: attempt.id, script: plan.script, environment: plan.environment ?? {} };
  return session.runAttempt(program, offset, onData, context.signal);
}

/** What ending an attempt needs; less than a context, which only a reachable host can give. */
export interface OpenAttempt {
  readonly attempt: AttemptRecord;
  readonly lease: StepContext['lease'];
  readonly host: StepContext['host'];
  readonly log: StepContext['log'];
  readonly ledger: StepContext['world']['ledger'];
}

/**
 * Ends the whole process tree of an attempt, keeps the last of its output, and answers with a failure when something
 * could not be ended. Throws the signal's reason when the host is not reached before it aborts; the attempt stays open.
 */
export async function cancelAttempt(open: OpenAttempt, signal: AbortSignal): Promise<Failure | null> {
  const { attempt, lease, host, log, ledger } = open;
  const { left, status } = await host.withSession(async (session) => {
    const end = await session.cancelAttempt(attempt.id, CANCEL_GRACE_MS);
    if (end.status.state === 'exited') {
      log.restart();
      const offset = (await log.length()) - attempt.logStart;
      await session.followAttempt(attempt.id, offset, (chunk) => log.append(chunk), signal);
    }
    return end;
  }, signal);
  await log.flush();
  await ledger.endAttempt(lease, attempt.id, status.exitCode);
  if (left === 0) return null;
  return new FailureError(
    'canceled',
    `Canceled, but ${left} process${left === 1 ? '' : 'es'} on the host could not be ended.`,
    {
      remedy: 'They are probably stuck in the kernel, waiting for a disk. They go when the host restarts.',
    },
  ).failure;
}
