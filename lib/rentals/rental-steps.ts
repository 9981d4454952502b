import { type Failure, isFailureError } from '../domain/failure';
import { longestRunSeconds } from '../domain/longest-run';
import { isDue, NOT_FAILING, type RentalAction, type RentalChange } from '../domain/rental-action';
import { isForMoney } from '../domain/rental-credit';
import type { RentalEndpoint } from '../domain/rental-endpoint';
import type { RentalTryRecord } from '../domain/rental-record';
import type { SelfStop } from '../domain/self-stop';
import { selfStopChange } from '../domain/self-stop-change';
import { KEY_REFUSED_MS, keepLog } from './keep-log';
import type { RentalCase } from './rental-case';
import { chooseOffer, sendOrder } from './rental-order';

/** A rental that the service need not be asked about. */
type Untold = Pick<RentalCase, 'parts' | 'record' | 'memory'>;

/** What did not pass, as too many requests, is asked for again. */
const KEY_PAUSE_MS = 30_000;

/** Does one action. What it throws is written down nowhere: the next look finds how far it came. */
export async function act(
  tended: RentalCase,
  action: Exclude<RentalAction, { kind: 'wait' | 'write' | 'save' | 'touch' }>,
): Promise<void> {
  const { parts, memory } = tended;
  switch (action.kind) {
    case 'choose':
      memory.askedAtMs.choose = parts.clock.nowMs();
      await chooseOffer(tended);
      return;
    case 'send':
      await sendOrder(tended, action.attempt);
      break;
    case 'prove':
    case 'destroy':
      await proveGone(tended, action.attempt, action.kind === 'destroy', action.change);
      break;
    case 'reach':
      await reachMachine(tended, action.attempt, action.change);
      return;
    case 'start':
      await startMachine(tended, action.attempt);
      break;
    case 'stop':
      await stopMachine(tended, action.attempt);
      break;
    case 'restart':
      await restartMachine(tended, action.attempt, action.change);
      break;
  }
  memory.actedAfterList = tended.newestList();
}

function writeChange({ parts, record }: Untold, change: RentalChange): Promise<boolean> {
  return parts.ledger.change(record, change, parts.clock.nowMs());
}

/** An accepted request for its end proves nothing; that no answer of the service has it any more does. */
async function proveGone(
  tended: RentalCase,
  attempt: RentalTryRecord,
  isToEnd: boolean,
  change: RentalChange,
): Promise<void> {
  const { provider, memory, parts } = tended;
  const { serviceId } = attempt;
  if (serviceId === null) return;
  memory.askedAtMs.destroy = parts.clock.nowMs();
  if (await provider.isGone(serviceId)) {
    await writeChange(tended, change);
    return;
  }
  if (!isToEnd) return;
  if (attempt.failure !== null && attempt.reachableAtMs === null) await keepLog(tended, attempt, 'given up');
  await provider.destroy(serviceId);
}

/** Addresses are asked for anew each time: they change, and are given to strangers. */
async function reachMachine(tended: RentalCase, attempt: RentalTryRecord, change: RentalChange | null): Promise<void> {
  const { parts, provider, memory } = tended;
  const { clock } = parts;
  const { serviceId } = attempt;
  if (serviceId === null) return;
  await attachKey(tended, serviceId);
  memory.knockedAtMs = clock.nowMs();
  const endpoints = (await provider.find(serviceId))?.endpoints ?? [];
  if (endpoints.length === 0) return;
  let selfStop: SelfStop;
  try {
    selfStop = await touchLeaseOf(tended, endpoints);
  } catch (error) {
    if (!isFailureError(error)) throw error;
    memory.knockedAtMs = clock.nowMs();
    await writeFailing(tended, attempt, error.failure);
    const failingMs = memory.knockedAtMs - (attempt.failingSinceMs ?? memory.knockedAtMs);
    if (error.failure.code === 'ssh-auth-refused' && failingMs >= KEY_REFUSED_MS)
      await keepLog(tended, attempt, 'key refused');
    return;
  }
  memory.knockedAtMs = clock.nowMs();
  await writeAnswer(tended, attempt, change, selfStop);
}

/** Needs no service: where the machine last was, it may still be. That it does not answer there proves nothing. */
export async function touchBlindly(
  tended: Untold,
  { attempt, endpoints }: Extract<RentalAction, { kind: 'touch' }>,
): Promise<void> {
  const { clock } = tended.parts;
  tended.memory.knockedAtMs = clock.nowMs();
  let selfStop: SelfStop;
  try {
    selfStop = await touchLeaseOf(tended, endpoints);
  } catch (error) {
    if (!isFailureError(error)) throw error;
    const { message } = error.failure;
    tended.parts.logger.info(`the lease could not be touched blindly: ${message}`, { rentalId: tended.record.id });
    return;
  }
  await writeAnswer(tended, attempt, null, selfStop);
}

function touchLeaseOf({ parts, record }: Untold, endpoints: readonly RentalEndpoint[]): Promise<SelfStop> {
  return parts.reach.touch(record.instanceId, endpoints, longestRunSeconds(record, parts.clock.nowMs()));
}

/** A machine that only just came up may still be in its start script: what it says of itself counts from the next time on. */
async function writeAnswer(
  tended: Untold,
  attempt: RentalTryRecord,
  change: RentalChange | null,
  selfStop: SelfStop,
): Promise<void> {
  const told = change ?? selfStopChange(attempt, selfStop);
  if (told === null && attempt.failingSinceMs === null) return;
  await writeChange(tended, { ...told, attempt: { id: attempt.id, from: 'there', ...told?.attempt, ...NOT_FAILING } });
}

/** Written down when it begins and when it becomes another failure, not at each knock. */
async function writeFailing(tended: RentalCase, attempt: RentalTryRecord, failure: Failure): Promise<void> {
  const { id, failingSinceMs, failingWith } = attempt;
  if (failingSinceMs !== null && failingWith?.code === failure.code) return;
  const sinceMs = failingSinceMs ?? tended.parts.clock.nowMs();
  await writeChange(tended, {
    attempt: { id, from: 'there', failingSinceMs: sinceMs, failingWith: failure },
  });
}

/** One of three ways for our key, the others being the account and the start script. */
async function attachKey({ parts, provider, record, memory }: RentalCase, serviceId: string): Promise<void> {
  const former = memory.key?.on === serviceId ? memory.key : null;
  const nowMs = parts.clock.nowMs();
  if (former !== null && (former.isSettled || !isDue(former.askedAtMs, KEY_PAUSE_MS, nowMs))) return;
  memory.key = { on: serviceId, askedAtMs: nowMs, isSettled: false };
  try {
    await provider.attachKey(serviceId, await parts.ledger.publicKeyOf(record.instanceId));
    memory.key = { ...memory.key, isSettled: true };
  } catch (error) {
    if (!isFailureError(error)) throw error;
    memory.key = { ...memory.key, isSettled: !error.failure.isTransient };
    if (former !== null) return;
    const text = `The SSH key could not be attached through the service; the start script places it too. ${error.failure.message}`;
    await parts.ledger.note(record.id, 'note', text, parts.clock.nowMs());
  }
}

async function startMachine(tended: RentalCase, attempt: RentalTryRecord): Promise<void> {
  const { parts, provider, record, memory } = tended;
  memory.askedAtMs.start = parts.clock.nowMs();
  memory.knockedAtMs = null;
  const { id, serviceId } = attempt;
  if (serviceId === null) return;
  try {
    await provider.start(serviceId);
  } catch (error) {
    if (!isFailureError(error)) throw error;
    if (isForMoney(error.failure)) return writeUnpaid(tended, attempt, error.failure);
    if (error.failure.code !== 'rental-start-queued') throw error;
    if (record.state === 'starting') return;
    const event = { level: 'warning', text: `${error.failure.message} It is tried again.` } as const;
    await writeChange(tended, { rental: { state: 'starting' }, attempt: { id, from: 'there', ...NOT_FAILING }, event });
    return;
  }
  const rental = { state: 'starting', startAskedAtMs: parts.clock.nowMs() } as const;
  const event = { level: 'note', text: 'The machine is being started.' } as const;
  await writeChange(tended, {
    rental,
    attempt: { id, from: 'there', ...NOT_FAILING },
    ...(record.state === 'starting' ? {} : { event }),
  });
}

/** The service starts nothing before there is money again: asked for on and on, told once. */
async function writeUnpaid(tended: RentalCase, { id }: RentalTryRecord, failure: Failure): Promise<void> {
  const { record } = tended;
  if (record.state === 'stopped' && record.alarm?.code === failure.code) return;
  const message = `vast.ai does not start the machine, and bills its disk on. ${failure.message}`;
  const alarm = { ...failure, message, remedy: `${failure.remedy} Quantdeck starts it again as soon as it can.` };
  const event = { level: 'alarm', text: alarm.message } as const;
  const rental = { state: 'stopped', alarm, idleSinceMs: null } as const;
  await writeChange(tended, { rental, attempt: { id, from: 'there', ...NOT_FAILING }, event });
}

async function stopMachine(tended: RentalCase, { id, serviceId }: RentalTryRecord): Promise<void> {
  const { parts, provider, record, memory } = tended;
  memory.askedAtMs.stop = parts.clock.nowMs();
  memory.knockedAtMs = null;
  if (serviceId === null) return;
  await provider.stop(serviceId);
  if (record.state === 'stopping') return;
  const event = { level: 'note', text: 'The machine is being stopped.' } as const;
  await writeChange(tended, { rental: { state: 'stopping' }, attempt: { id, from: 'there', ...NOT_FAILING }, event });
}

/** Asked for once, whatever comes of it: a second one would end what was begun since. */
async function restartMachine(tended: RentalCase, { serviceId }: RentalTryRecord, change: RentalChange): Promise<void> {
  const { parts, provider, record, memory } = tended;
  memory.knockedAtMs = null;
  if (serviceId === null || !(await writeChange(tended, change))) return;
  try {
    await provider.reboot(serviceId);
  } catch (error) {
    if (!isFailureError(error)) throw error;
    const text = `The restart did not pass, and is not asked for again. ${error.failure.message}`;
    await parts.ledger.note(record.id, 'warning', text, parts.clock.nowMs());
    throw error;
  }
}
